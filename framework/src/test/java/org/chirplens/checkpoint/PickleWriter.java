package org.chirplens.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles instruction by instruction, right or wrong. */
final class PickleWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** A pickle of protocol 2. */
    PickleWriter() {
        raw(0x80, 2);
    }

    PickleWriter raw(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
        return this;
    }

    PickleWriter raw(String ascii) {
        return raw(ascii.chars().toArray());
    }

    PickleWriter text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        raw('X').int32(utf8.length).bytes.writeBytes(utf8);
        return this;
    }

    PickleWriter int32(int value) {
        bytes.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }

    PickleWriter int64(long value) {
        bytes.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
        return this;
    }

    /** Pushes an integer of any size. */
    PickleWriter integer(long value) {
        return raw(0x8a, 8).int64(value);
    }

    PickleWriter tuple(long... values) {
        raw('(');
        for (long value : values) {
            integer(value);
        }
        return raw('t');
    }

    PickleWriter global(String module, String name) {
        return raw("c" + module + "\n" + name + "\n");
    }

    /** Pushes a storage. */
    PickleWriter storage(String type, String key, long values) {
        raw('(').text("storage").global("torch", type).text(key).text("cpu").integer(values);
        return raw("tQ");
    }

    /** Pushes a tensor: a view into float32 storage 0 of that many values. */
    PickleWriter tensor(long values, long offset, long[] sizes, long[] strides) {
        global("torch._utils", "_rebuild_tensor_v2").raw('(').storage("FloatStorage", "0", values);
        integer(offset).tuple(sizes).tuple(strides).raw(0x89);
        return global("collections", "OrderedDict").raw(")RtR");
    }

    byte[] end() {
        return raw('.').bytes.toByteArray();
    }
}

package org.chirplens.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.chirplens.model.FloatArray;

/** Writes safetensors files byte by byte, right or wrong. */
final class SafetensorsFiles {
    private SafetensorsFiles() {}

    static Path write(Path file, String header, byte[] data) throws IOException {
        return write(file, header.getBytes(StandardCharsets.UTF_8).length, header, data);
    }

    static Path write(Path file, long length, String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        return Files.write(file, bytes.putLong(length).put(json).put(data).array());
    }

    /** Writes tensors as F16 or BF16, values cut to what fits; returns what a reader must widen them to. */
    static Map<String, FloatArray> writeHalf(Path file, Map<String, FloatArray> tensors, DType dtype)
            throws IOException {
        StringBuilder header = new StringBuilder("{");
        ByteBuffer data = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        Map<String, FloatArray> widened = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            int begin = data.position();
            FloatArray wide = FloatArray.zeros(tensor.shape());
            for (int i = 0; i < tensor.data().length; i++) {
                int bits = Float.floatToRawIntBits(tensor.data()[i]);
                short half = dtype == DType.BF16 ? (short) (bits >>> 16) : half(bits);
                data.putShort(half);
                wide.data()[i] = Float.intBitsToFloat(dtype == DType.BF16 ? half << 16 : widen(half));
            }
            widened.put(name, wide);
            header.append(String.format(
                    "%s\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}",
                    begin == 0 ? "" : ",", name, dtype, Arrays.toString(tensor.shape()), begin, data.position()));
        });
        write(file, header.append("}").toString(), Arrays.copyOf(data.array(), data.position()));
        return widened;
    }

    /** A normal half of these float bits, zero for what is smaller. */
    static short half(int bits) {
        int exponent = ((bits >>> 23) & 0xff) - 127 + 15;
        int sign = (bits >>> 16) & 0x8000;
        return (short) (exponent < 1 ? sign : sign | Math.min(exponent, 30) << 10 | ((bits >>> 13) & 0x3ff));
    }

    private static int widen(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >>> 10) & 0x1f;
        return exponent == 0 ? sign : sign | (exponent + 112) << 23 | (half & 0x3ff) << 13;
    }
}

package org.chirplens.experiments.run;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.chirplens.file.WholeFile;
import org.chirplens.model.FloatArray;

/** Writes NumPy's {@code .npy} format, version 1.0, little-endian float32 in C order. */
final class NpyFile {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;

    private NpyFile() {}

    static void write(Path file, FloatArray array) {
        WholeFile.write(file, out -> {
            header(out, array.shape());
            values(out, array.data());
        });
    }

    /** Writes what comes before the values of an array, which follow as {@link #values}, one part after another. */
    static void header(OutputStream out, int... dimensions) throws IOException {
        String shape = Arrays.stream(dimensions).mapToObj(n -> n + ",").collect(Collectors.joining(" "));
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }";
        int start = MAGIC.length + Short.BYTES;
        int padding = ALIGNMENT - (start + header.length() + 1) % ALIGNMENT;
        byte[] text = (header + " ".repeat(padding % ALIGNMENT) + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(start + text.length).order(ByteOrder.LITTLE_ENDIAN);
        out.write(bytes.put(MAGIC).putShort((short) text.length).put(text).array());
    }

    static void values(OutputStream out, float[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        out.write(bytes.array());
    }
}

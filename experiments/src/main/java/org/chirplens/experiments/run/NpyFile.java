package org.chirplens.experiments.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.chirplens.model.FloatArray;

/** Writes NumPy's {@code .npy} format, version 1.0, little-endian float32 in C order. */
final class NpyFile {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;

    private NpyFile() {}

    static void write(Path file, FloatArray array) {
        String shape = Arrays.stream(array.shape()).mapToObj(n -> n + ",").collect(Collectors.joining(" "));
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }";
        int start = MAGIC.length + Short.BYTES;
        int padding = ALIGNMENT - (start + header.length() + 1) % ALIGNMENT;
        byte[] text = (header + " ".repeat(padding % ALIGNMENT) + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(start + text.length + Float.BYTES * array.data().length)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(MAGIC).putShort((short) text.length).put(text);
        bytes.asFloatBuffer().put(array.data());
        WholeFile.write(file, out -> out.write(bytes.array()));
    }
}

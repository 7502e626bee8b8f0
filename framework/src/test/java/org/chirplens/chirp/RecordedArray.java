package org.chirplens.chirp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Reads a recorded little-endian float64 {@code .npy} array from the test resources; enough for the arrays of this package. */
public final class RecordedArray {
    private RecordedArray() {}

    /** All values of {@code /reference/<path>}, in C order. */
    public static double[] read(String path) {
        String resource = "/reference/" + path;
        try (InputStream in = Objects.requireNonNull(RecordedArray.class.getResourceAsStream(resource), resource)) {
            ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            int headerLength = bytes.getShort(8);
            String header = new String(bytes.array(), 10, headerLength, StandardCharsets.US_ASCII);
            if (!header.contains("'<f8'") || !header.contains("'fortran_order': False")) {
                throw new IllegalArgumentException(
                        resource + ": expected little-endian float64 in C order, found " + header);
            }
            bytes.position(10 + headerLength);
            double[] values = new double[bytes.remaining() / Double.BYTES];
            bytes.asDoubleBuffer().get(values);
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }
}

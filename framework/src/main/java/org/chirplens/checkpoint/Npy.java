package org.chirplens.checkpoint;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads NumPy's {@code .npy} files
 * (<a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">definition</a>): versions 1.0 and
 * 2.0, little-endian numbers and booleans in C order. Anything else is refused, objects (pickles) above all.
 */
public final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** NumPy's own limit. */
    private static final int MAX_HEADER = 10_000;

    private static final String FIELD = "\\s*'(\\w+)'\\s*:\\s*('[^']*'|True|False|\\([0-9, ]*\\))\\s*";
    private static final Pattern HEADER = Pattern.compile("\\{" + FIELD + "," + FIELD + "," + FIELD + ",?\\s*\\}\\s*");

    private Npy() {}

    /**
     * Reads an array.
     *
     * @throws IllegalArgumentException when the file is not such an array, or its length is not what it says
     * @throws UncheckedIOException when it cannot be read
     */
    public static NumericArray read(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            return read(new DataInputStream(stream), Files.size(file));
        } catch (EOFException e) {
            throw new IllegalArgumentException(file + ": the file is truncated", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static NumericArray read(DataInputStream in, long fileSize) throws IOException {
        byte[] start = new byte[8];
        in.readFully(start);
        require(Arrays.equals(MAGIC, Arrays.copyOf(start, 6)), "not a .npy file");
        int version = start[6];
        require((version == 1 || version == 2) && start[7] == 0, "version must be 1.0 or 2.0, found " + version);
        int lengthBytes = version == 1 ? 2 : 4;
        ByteBuffer length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        in.readFully(length.array(), 0, lengthBytes);
        int headerLength = length.getInt(0);
        require(
                headerLength >= 0 && headerLength <= MAX_HEADER,
                "header length must be in [0, " + MAX_HEADER + "], found " + Integer.toUnsignedString(headerLength));
        byte[] header = new byte[headerLength];
        in.readFully(header);
        Map<String, String> fields = fields(new String(header, StandardCharsets.ISO_8859_1));
        require("False".equals(fields.get("fortran_order")), "the array must be in C order");
        String descr = String.valueOf(fields.get("descr"));
        DType dtype = DType.ofNumpy(descr.substring(1, Math.max(1, descr.length() - 1)));
        int[] shape = shape(String.valueOf(fields.get("shape")));
        return body(in, dtype, shape, fileSize - 8 - lengthBytes - headerLength);
    }

    private static Map<String, String> fields(String header) {
        Matcher matcher = HEADER.matcher(header);
        require(matcher.matches(), "header must be a dict of descr, fortran_order and shape, found " + header.strip());
        Map<String, String> fields = new HashMap<>();
        for (int i = 1; i <= 5; i += 2) {
            fields.put(matcher.group(i), matcher.group(i + 1));
        }
        require(
                fields.size() == 3 && fields.containsKey("descr") && fields.containsKey("shape"),
                "header must have descr, fortran_order and shape, found " + header.strip());
        return fields;
    }

    private static int[] shape(String tuple) {
        require(tuple.startsWith("("), "shape must be a tuple, found " + tuple);
        try {
            return Arrays.stream(tuple.substring(1, tuple.length() - 1).split(",", -1))
                    .map(String::strip)
                    .filter(dimension -> !dimension.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("shape must be a tuple of integers, found " + tuple, e);
        }
    }

    private static NumericArray body(DataInputStream in, DType dtype, int[] shape, long available) throws IOException {
        long bytes;
        try {
            bytes = dtype.bytes();
            for (int dimension : shape) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
            // A .npy file passes through one array of bytes.
            bytes = Math.toIntExact(bytes);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " is too large", e);
        }
        require(
                bytes == available,
                dtype + Arrays.toString(shape) + " takes " + bytes + " bytes, the file has " + available);
        byte[] content = new byte[(int) bytes];
        in.readFully(content);
        double[] data = new double[content.length / dtype.bytes()];
        dtype.decode(ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN), data, 0);
        return new NumericArray(dtype, shape, data);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}

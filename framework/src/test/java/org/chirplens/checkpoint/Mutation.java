package org.chirplens.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages files as chance, or somebody with the format's definition at hand, would. */
final class Mutation {
    private static final int LONGEST_RUN = 4000;

    private static final List<String> TEXTS = List.of(
            "-1",
            "0",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "1e999999",
            "NaN",
            "null",
            "[]",
            "{}",
            "\"\"",
            "[[[[[[[[",
            "../x",
            "\\u0000",
            "\ud83d\ude00");

    private final Random random;

    Mutation(Random random) {
        this.random = random;
    }

    /**
     * One to three changes of a file.
     *
     * @param whole the file, which is left as it is
     * @param others files to take pieces from
     */
    byte[] apply(byte[] whole, List<byte[]> others) {
        byte[] bytes = whole.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes = once(bytes, others.get(random.nextInt(others.size())));
        }
        return bytes;
    }

    private byte[] once(byte[] bytes, byte[] other) {
        int at = random.nextInt(bytes.length + 1);
        int end = Math.min(bytes.length, at + random.nextInt(16));
        return switch (random.nextInt(8)) {
            case 0 -> flipBits(bytes);
            case 1 -> setBytes(bytes);
            case 2 -> Arrays.copyOf(bytes, at);
            case 3 -> splice(bytes, at, end, new byte[0]);
            case 4 -> splice(bytes, at, random.nextBoolean() ? at : end, piece(other));
            case 5 -> setNumber(bytes);
            case 6 ->
                splice(bytes, at, end, TEXTS.get(random.nextInt(TEXTS.size())).getBytes(StandardCharsets.UTF_8));
            default -> splice(bytes, at, at, run(bytes));
        };
    }

    private byte[] flipBits(byte[] bytes) {
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private byte[] setBytes(byte[] bytes) {
        for (int i = random.nextInt(8); i >= 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    /** A length, offset or count of 2, 4 or 8 bytes is replaced by one at the edge of what it can be. */
    private byte[] setNumber(byte[] bytes) {
        long[] edges = {
            0,
            1,
            -1,
            0x7fff,
            0xffff,
            Integer.MAX_VALUE,
            1L << 31,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            bytes.length,
            bytes.length - 1,
            bytes.length + 1,
            random.nextInt(bytes.length + 1),
            random.nextLong()
        };
        ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        number.putLong(0, edges[random.nextInt(edges.length)]);
        int width = 2 << random.nextInt(3);
        if (bytes.length >= width) {
            number.get(0, bytes, random.nextInt(bytes.length - width + 1), width);
        }
        return bytes;
    }

    private byte[] piece(byte[] other) {
        int from = random.nextInt(other.length + 1);
        return Arrays.copyOfRange(other, from, from + random.nextInt(other.length - from + 1));
    }

    /** One byte many times: nesting, or a very long name. */
    private byte[] run(byte[] bytes) {
        byte[] run = new byte[1 + random.nextInt(LONGEST_RUN)];
        byte[] likely = {'[', '{', '(', ']', '}', ')', ' ', '0', '9', (byte) 0x85};
        boolean own = bytes.length > 0 && random.nextBoolean();
        Arrays.fill(run, own ? bytes[random.nextInt(bytes.length)] : likely[random.nextInt(likely.length)]);
        return run;
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] piece) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, from);
        out.writeBytes(piece);
        out.write(bytes, to, bytes.length - to);
        return out.toByteArray();
    }
}

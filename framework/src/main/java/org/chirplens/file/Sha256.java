package org.chirplens.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 over the bytes of what is added, in that order. Nothing marks where one part ends and the next begins: two series of
 * parts with the same bytes have the same hash.
 */
public final class Sha256 {
    private static final int BUFFER_BYTES = 1 << 16;

    private final MessageDigest digest;

    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The hash of a text's UTF-8 bytes, as 64 hexadecimal digits. */
    public static String of(String text) {
        return new Sha256().add(text).hex();
    }

    /**
     * The hash of a file's content, as 64 hexadecimal digits.
     *
     * @throws UncheckedIOException when the file cannot be read
     */
    public static String of(Path file) {
        return new Sha256().add(file).hex();
    }

    /** Adds a text's UTF-8 bytes. */
    public Sha256 add(String text) {
        return add(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Adds the bytes that remain in a buffer. */
    public Sha256 add(ByteBuffer bytes) {
        digest.update(bytes);
        return this;
    }

    /** Adds numbers, the most significant byte of each first. */
    public Sha256 add(int[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(Integer.BYTES, values.length));
        bytes.asIntBuffer().put(values);
        return add(bytes);
    }

    /** Adds numbers, the most significant byte of each first. */
    public Sha256 add(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, values.length));
        bytes.asFloatBuffer().put(values);
        return add(bytes);
    }

    /**
     * Adds a file's content.
     *
     * @throws UncheckedIOException when the file cannot be read
     */
    public Sha256 add(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** The hash of what was added, as 64 hexadecimal digits; what is added later begins anew. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}

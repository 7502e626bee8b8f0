package org.chirplens.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.chirplens.figure.RgbImage;

/** The recorded arrays and genuine images that this package's tests compare with. */
final class RecordedArrays {
    private RecordedArrays() {}

    /** The directory of six genuine images. */
    static Path chirps() {
        return path("/chirps");
    }

    /** A file under {@code reference/}. */
    static Path reference(String name) {
        return path("/reference/" + name);
    }

    static RgbImage source() {
        return PngFile.read(reference("resize/source.png"));
    }

    /** A file or directory among the test resources. */
    static Path path(String resource) {
        try {
            return Path.of(RecordedArrays.class.getResource(resource).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(resource, e);
        }
    }

    /** The data of a version 1 {@code .npy} file of bytes. */
    static byte[] bytes(String name) {
        try (InputStream stream = RecordedArrays.class.getResourceAsStream("/reference/" + name)) {
            byte[] file = stream.readAllBytes();
            int header =
                    10 + ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getShort(8);
            return Arrays.copyOfRange(file, header, file.length);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /** The data of a version 1 {@code .npy} file of 32-bit floats. */
    static float[] floats(String name) {
        byte[] bytes = bytes(name);
        float[] floats = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }
}

package org.chirplens.chirp;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.chirplens.checkpoint.Npy;

/** Reads recorded arrays from the test resources. */
public final class RecordedArray {
    private RecordedArray() {}

    /** All values of {@code /reference/<path>}, a {@code .npy} file, in C order. */
    public static double[] read(String path) {
        String resource = "/reference/" + path;
        try {
            URI file = Objects.requireNonNull(RecordedArray.class.getResource(resource), resource)
                    .toURI();
            return Npy.read(Path.of(file)).data();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(resource, e);
        }
    }
}

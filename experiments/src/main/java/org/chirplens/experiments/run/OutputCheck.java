package org.chirplens.experiments.run;

import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps commands from writing over what another one has written. */
public final class OutputCheck {
    private OutputCheck() {}

    /**
     * Insists that an output does not exist yet.
     *
     * @throws IllegalArgumentException when it does
     */
    public static void isFree(Path output) {
        if (Files.exists(output)) {
            throw new IllegalArgumentException(
                    output + ": exists already; remove it, or choose another directory with --out");
        }
    }
}

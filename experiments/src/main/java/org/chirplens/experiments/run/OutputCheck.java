package org.chirplens.experiments.run;

import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps commands from writing over what another one has written, and from finding out late that they cannot write. */
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

    /**
     * Insists, without making anything, that an output directory can be written to or made.
     *
     * @throws IllegalArgumentException when it cannot
     */
    public static void isWritable(Path out) {
        Path there = out.toAbsolutePath();
        Path above = there.getParent();
        while (!Files.exists(there) && above != null) {
            there = above;
            above = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            throw new IllegalArgumentException(
                    out + ": --out must be a directory that can be written to, found a file: " + there);
        }
        if (!Files.isWritable(there)) {
            throw new IllegalArgumentException(
                    out + ": --out must be a directory that can be written to, found one that cannot: " + there);
        }
    }
}

package org.chirplens.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;

/** Writes files under a temporary name and moves them into place, so that nobody ever opens half of one. */
final class WholeFile {
    private WholeFile() {}

    static void write(Path file, byte[] bytes) {
        Path target = file.toAbsolutePath();
        Path temporary = target.resolveSibling("." + target.getFileName() + ".part");
        try {
            Path folder = target.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.write(temporary, bytes);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Removes the files of a folder that a pattern names, but for some; the folder too when nothing is left in it. */
    static void deleteOthers(Path folder, String glob, Set<String> kept) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
                for (Path file : files) {
                    if (!kept.contains(String.valueOf(file.getFileName()))) {
                        Files.delete(file);
                    }
                }
            }
            try (DirectoryStream<Path> rest = Files.newDirectoryStream(folder)) {
                if (rest.iterator().hasNext()) {
                    return;
                }
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot clear " + folder, e);
        }
    }
}

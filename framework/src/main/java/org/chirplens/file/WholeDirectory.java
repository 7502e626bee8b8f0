package org.chirplens.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Directories that appear whole or not at all: written beside their place, then moved into it. */
public final class WholeDirectory {
    private WholeDirectory() {}

    /**
     * Writes a directory; an earlier one at that place is replaced, so callers check first that it may be. No system exchanges two
     * directories at once everywhere: a process that is killed between two moves leaves the earlier one as {@code .NAME.previous}.
     *
     * @param content fills the directory that it is given
     * @throws UncheckedIOException naming the directory, when it cannot be written; an earlier one is then still there
     */
    public static void write(Path directory, Content<? super Path> content) {
        Path partial = beside(directory, ".partial");
        Path previous = beside(directory, ".previous");
        try {
            delete(partial);
            Files.createDirectories(partial);
            content.to(partial);
            replace(directory, partial, previous);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + directory, e);
        } catch (UncheckedIOException e) {
            throw new UncheckedIOException("cannot write " + directory, e.getCause());
        } finally {
            deleteQuietly(partial);
        }
    }

    private static void replace(Path directory, Path by, Path previous) throws IOException {
        boolean replaces = Files.exists(directory, LinkOption.NOFOLLOW_LINKS);
        if (replaces) {
            delete(previous);
            Files.move(directory, previous, StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            Files.move(by, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (replaces) {
                Files.move(previous, directory, StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
        deleteQuietly(previous);
    }

    /**
     * Refuses to replace a directory that we have not written.
     *
     * @param kind what is to be written, for the message
     * @param marker a file that every directory of this kind has
     * @param own whether a file (path relative to the directory) belongs to this kind
     * @throws IllegalArgumentException when the place is taken by anything but an empty directory or one of this kind
     */
    public static void requireReplaceable(Path directory, String kind, String marker, Predicate<String> own) {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalArgumentException(
                    directory + ": a " + kind + " cannot take the place of a file or a link");
        }
        List<String> found = files(directory);
        List<String> foreign = found.stream().filter(own.negate()).toList();
        if (!foreign.isEmpty() || !(found.isEmpty() || found.contains(marker))) {
            throw new IllegalArgumentException(directory + ": is not a " + kind + " and is not overwritten; found "
                    + (foreign.isEmpty() ? found : foreign));
        }
    }

    private static List<String> files(Path directory) {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .map(path -> directory.relativize(path).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(directory + ": cannot be listed: " + e.getMessage(), e);
        }
    }

    /** Deletes a directory with all that is in it, or a file; nothing when there is none. */
    public static void delete(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    // A write that failed has an error of its own to report; one about its left-overs must not hide it.
    private static void deleteQuietly(Path path) {
        try {
            delete(path);
        } catch (IOException e) {
            System.getLogger(WholeDirectory.class.getName())
                    .log(System.Logger.Level.WARNING, "left behind: " + path, e);
        }
    }

    private static Path beside(Path directory, String suffix) {
        Path whole = directory.toAbsolutePath().normalize();
        if (whole.getFileName() == null) {
            throw new IllegalArgumentException("cannot write to the root directory " + directory);
        }
        return whole.resolveSibling("." + whole.getFileName() + suffix);
    }
}

package org.chirplens.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of files that are being written, {@code .FILE.SCOPE-PID-TOKEN-COUNTER.tmp}. The name says which process writes
 * it, so that what a killed process has left can be told from what another is writing at this moment.
 *
 * <p>The scope is where the process id means something: the start of the operating system and the namespace of its
 * process ids. Of processes elsewhere, on another machine or in another container, only the age of their files is known.
 */
final class TemporaryName {
    /** Writers of other scopes touch their files many times a minute; clocks of machines differ by less than this. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private static final Pattern NAME =
            Pattern.compile("\\.(.+)\\.([0-9a-f]{8})-(\\d{1,10})-([0-9a-f]{8})-(\\d{1,10})\\.tmp");
    private static final String TOKEN = hex(ThreadLocalRandom.current().nextInt());
    private static final String SCOPE = scope();
    private static final long PID = ProcessHandle.current().pid();
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private TemporaryName() {}

    /** A name that nobody else uses. */
    static String of(String file) {
        int counter = COUNTER.getAndIncrement() & Integer.MAX_VALUE;
        return "." + file + "." + SCOPE + "-" + PID + "-" + TOKEN + "-" + counter + ".tmp";
    }

    private static String scope() {
        try {
            String start = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
            Path namespace = Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
            return hex((start + namespace).hashCode());
        } catch (IOException e) {
            // Not Linux: a scope that holds this process alone, so that others are judged by age.
            return TOKEN;
        }
    }

    private static String hex(int number) {
        return String.format("%08x", number);
    }

    /** Deletes the temporary files of a data set that no process goes on writing. */
    static void removeLeftovers(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, ".*.tmp")) {
            for (Path file : files) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches() && DatasetFiles.isOwn(name.group(1)) && isLeftover(name, file)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot clean up " + directory, e);
        }
    }

    private static boolean isLeftover(Matcher name, Path file) throws IOException {
        if (name.group(4).equals(TOKEN)) {
            return false;
        }
        if (name.group(2).equals(SCOPE)) {
            long pid = Long.parseLong(name.group(3));
            // Another process of the same id is one that has ended: containers number their processes alike.
            boolean ended = pid == PID
                    || ProcessHandle.of(pid).map(process -> !process.isAlive()).orElse(true);
            if (ended) {
                return true;
            }
        }
        try {
            return Files.getLastModifiedTime(file)
                    .toInstant()
                    .isBefore(Instant.now().minus(ABANDONED));
        } catch (NoSuchFileException e) {
            // Its process has just moved it into place.
            return false;
        }
    }
}

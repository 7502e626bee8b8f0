package org.chirplens.file;

import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Files that appear whole or not at all: each is written as {@code .FILE.tmp} beside its place, on the disk itself, and then moved there, so
 * that a power cut leaves no empty file either. What a killed process leaves is written over by the next one; a file has one writer at a time.
 */
public final class WholeFile {
    private WholeFile() {}

    /**
     * Writes a file, in place of an earlier one; its directory is made when missing.
     *
     * @throws UncheckedIOException naming the file, when it cannot be written; an earlier one is then still there
     */
    public static void write(Path file, Content<? super OutputStream> content) {
        writeChannel(file, channel -> {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            content.to(out);
            out.flush();
        });
    }

    /** Writes a UTF-8 text file as {@link #write} does. */
    public static void writeText(Path file, Content<? super Writer> content) {
        write(file, out -> {
            Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            content.to(writer);
            writer.flush();
        });
    }

    /** Writes a UTF-8 text file as {@link #write} does. */
    public static void writeText(Path file, String text) {
        writeText(file, out -> out.write(text));
    }

    /** Writes a file as {@link #write} does, for content that fills buffers of its own. */
    public static void writeChannel(Path file, Content<? super FileChannel> content) {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            try {
                try (FileChannel channel = FileChannel.open(
                        temporary,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
                    content.to(channel);
                    channel.force(true);
                }
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /**
     * Removes the files of a directory that a pattern names, but for some: those of an earlier result that has more.
     *
     * @param glob as {@link Files#newDirectoryStream(Path, String)} takes it
     * @throws UncheckedIOException naming the directory
     */
    public static void deleteOthers(Path directory, String glob, Set<String> kept) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
            for (Path file : files) {
                if (!kept.contains(String.valueOf(file.getFileName()))) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot clear " + directory, e);
        }
    }
}

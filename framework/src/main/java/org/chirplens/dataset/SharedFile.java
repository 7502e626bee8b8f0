package org.chirplens.dataset;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.chirplens.file.Content;

/**
 * Files that appear whole or not at all: each is written under a {@link TemporaryName} of its own beside its place and
 * then moved, so that several threads and processes may write the same file at once.
 */
final class SharedFile {
    private SharedFile() {}

    /**
     * Writes a file. A crash of the machine (not of the process) soon afterwards may leave it empty or cut off, as the
     * system writes data to the disk later than names.
     */
    static void write(Path file, Content<OutputStream> content) throws IOException {
        write(file, content, false);
    }

    /**
     * Writes a UTF-8 text file that a crash of the machine leaves whole, too: its data are on the disk before its name is.
     *
     * @throws UncheckedIOException naming the file
     */
    static void writeThrough(Path file, Content<Writer> text) {
        try {
            write(
                    file,
                    out -> {
                        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
                        text.to(writer);
                        writer.flush();
                    },
                    true);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static void write(Path file, Content<OutputStream> content, boolean force) throws IOException {
        Path temporary = file.resolveSibling(TemporaryName.of(file.getFileName().toString()));
        try {
            try (FileChannel channel =
                            FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
                content.to(out);
                out.flush();
                if (force) {
                    channel.force(true);
                }
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}

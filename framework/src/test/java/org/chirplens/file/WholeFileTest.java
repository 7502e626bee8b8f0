package org.chirplens.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    Path folder;

    @Test
    void aFileIsThereWholeOrAsItWas() {
        Path file = folder.resolve("new/table.csv");
        WholeFile.writeText(file, "one\n");
        assertThatThrownBy(() -> WholeFile.writeText(file, out -> {
                    out.write("tw");
                    throw new IOException("disk full");
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot write " + file)
                .hasRootCauseMessage("disk full");
        assertThat(file).hasContent("one\n");
        assertThatThrownBy(() -> WholeFile.write(file, out -> {
                    throw new IllegalArgumentException("no such head");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(file.getParent()).isDirectoryContaining(file::equals).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void whatAKilledProcessLeftIsWrittenOver() throws IOException {
        Files.writeString(folder.resolve(".table.csv.tmp"), "a longer text than the table's");
        WholeFile.writeText(folder.resolve("table.csv"), "\u00e9\n");
        assertThat(folder.resolve("table.csv")).hasBinaryContent(new byte[] {(byte) 0xc3, (byte) 0xa9, '\n'});
        assertThat(folder.resolve(".table.csv.tmp")).doesNotExist();
    }

    @Test
    void othersOfAPatternAreDeleted() throws IOException {
        for (String name : new String[] {"heads_a.csv", "heads_b.csv", "notes.txt"}) {
            Files.writeString(folder.resolve(name), "");
        }
        WholeFile.deleteOthers(folder, "heads_*.csv", Set.of("heads_b.csv"));
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("heads_b.csv", "notes.txt");
        WholeFile.deleteOthers(folder.resolve("none"), "*", Set.of());
    }

    @Test
    void aDirectoryIsThereWholeOrAsItWas() throws IOException {
        Path model = folder.resolve("model");
        WholeDirectory.write(model, partial -> Files.writeString(partial.resolve("a"), "first"));
        assertThatThrownBy(() -> WholeDirectory.write(model, partial -> {
                    Files.writeString(partial.resolve("a"), "second");
                    throw new IOException("disk full");
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot write " + model);
        assertThat(model.resolve("a")).hasContent("first");
        WholeDirectory.write(model, partial -> Files.writeString(partial.resolve("b"), "third"));
        assertThat(model.toFile().list()).containsExactly("b");
        assertThat(folder.toFile().list()).as("nothing beside it").containsExactly("model");
    }
}

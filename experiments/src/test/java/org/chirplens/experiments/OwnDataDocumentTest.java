package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.chirplens.experiments.config.ConfigReader;
import org.chirplens.experiments.config.DataSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The config files that {@code docs/your-own-data.md} shows are config files. */
class OwnDataDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "your-own-data.md");
    private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyConfigOfTheDocumentIsRead(@TempDir Path directory) throws IOException {
        List<String> blocks = BLOCK.matcher(Files.readString(DOCUMENT))
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(blocks).hasSize(3);
        for (String block : blocks) {
            Path file = directory.resolve("x.yaml");
            Files.writeString(file, block.replace("```yaml", "").replace("```", ""));
            // What the document's reader has and this machine has not.
            DataSettings data = block.contains("model:")
                    ? ConfigReader.read(file, places(block)).config().data()
                    : ConfigReader.readData(existing(file), List.of()).config().data();
            assertThat(data).isInstanceOf(DataSettings.Images.class);
            assertThat(((DataSettings.Images) data).layout().columns()).isNotEmpty();
        }
    }

    private static List<String> places(String block) {
        return block.contains("backbone:")
                ? List.of("data.directory=.", "model.backbone=.")
                : List.of("data.directory=.");
    }

    private static Path existing(Path file) throws IOException {
        return Files.writeString(file, Files.readString(file).replaceFirst("directory: .*", "directory: ."));
    }
}

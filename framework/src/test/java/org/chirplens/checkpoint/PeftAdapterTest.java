package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeftAdapterTest {
    private static final Path ADAPTER = Recorded.path("config_a/model/adapter");
    private static final VitConfig VIT = new VitConfig(32, 8, 48, 3, 4, 96, 1e-12);

    private final Path directory;

    PeftAdapterTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void theFolderThatPeftWroteIsReadAndWrittenAgain() {
        TrainedModel model = ModelDirectory.read(Recorded.modelDirectory(directory.resolve("model")));
        Path folder = directory.resolve("adapter");

        PeftAdapter.write(folder, model);
        PeftAdapter.write(folder, model);

        assertThat(PeftAdapter.readConfig(ADAPTER, VIT)).isEqualTo(LoraConfig.onQueryAndValue(VIT, 8, 16, 0.1));
        assertThat(PeftAdapter.readConfig(folder, VIT)).isEqualTo(LoraConfig.onQueryAndValue(VIT, 8, 16, 0.1));
        assertThat(folder.resolve("adapter_model.safetensors"))
                .hasSameBinaryContentAs(ADAPTER.resolve("adapter_model.safetensors"));
    }

    @Test
    void aModelWithoutAnAdapterHasNoneToWrite() {
        TrainedModel bare = ModelDirectory.read(Recorded.path("config_a/model/backbone_vitmodel"));

        assertThatThrownBy(() -> PeftAdapter.write(directory.resolve("adapter"), bare))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the model has no LoRA adapter to write");
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"use_dora\": false|\"use_dora\": true|use_dora is not supported",
                "\"use_rslora\": false|\"use_rslora\": true|use_rslora is not supported",
                "\"bias\": \"none\"|\"bias\": \"all\"|bias must be \"none\"",
                "\"modules_to_save\": null|\"modules_to_save\": [\"classifier\"]|modules_to_save is not supported",
                "\"rank_pattern\": {}|\"rank_pattern\": {\"query\": 4}|rank_pattern is not supported",
                "\"alpha_pattern\": {}|\"alpha_pattern\": {\"query\": 4}|alpha_pattern is not supported",
                "\"layers_to_transform\": null|\"layers_to_transform\": [0]|layers_to_transform is not supported",
                "\"fan_in_fan_out\": false|\"fan_in_fan_out\": true|fan_in_fan_out is not supported",
                "\"use_dora\": false|\"use_newest_variant\": true|use_newest_variant is not supported",
                "\"query\",|\"query\", \"key\",|target_modules must be [\"query\",\"value\"]",
                "\"LORA\"|\"LOHA\"|peft_type must be \"LORA\"",
                "\"init_lora_weights\": true|\"init_lora_weights\": \"pissa\"|init_lora_weights must be",
                "\"r\": 8|\"r\": 0|rank must be at least 1, found 0",
                "\"lora_alpha\": 16|\"lora_alpha\": null|lora_alpha must be a number, found nothing"
            })
    void settingsThatWeDoNotComputeAreRefusedByName(String from, String to, String message) throws IOException {
        String json = Files.readString(ADAPTER.resolve("adapter_config.json"));
        assertThat(json).contains(from);
        Files.writeString(directory.resolve("adapter_config.json"), json.replace(from, to));

        assertThatThrownBy(() -> PeftAdapter.readConfig(directory, VIT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("adapter_config.json: ")
                .hasMessageContaining(message);
    }
}

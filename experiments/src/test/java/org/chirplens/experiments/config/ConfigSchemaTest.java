package org.chirplens.experiments.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConfigSchemaTest {
    private static final Path CONFIGS = Path.of("..", "configs");

    @Test
    void everyKeyIsInTheSchemaWithADescription() {
        JsonNode schema = ConfigSchema.write();
        for (String path : KnownKeys.all()) {
            assertThat(find(schema, path.split("\\."), 0)).as(path).isNotEmpty().allSatisfy(property -> assertThat(
                            property.path("description").asText())
                    .isNotBlank());
        }
    }

    @Test
    void defaultsAndBoundsComeFromTheRecords() {
        JsonNode model = ConfigSchema.write().at("/properties/model/properties");
        assertThat(model.at("/lora/properties/rank/default").asInt()).isEqualTo(8);
        assertThat(model.at("/lora/properties/rank/minimum").asInt()).isEqualTo(1);
        assertThat(model.at("/lora/properties/dropout/exclusiveMaximum").asInt())
                .isEqualTo(1);
        assertThat(model.at("/lora/properties/targets/items/enum"))
                .extracting(JsonNode::asText)
                .containsExactly("query", "key", "value", "attention_output", "intermediate", "mlp_output");
        assertThat(model.at("/lora/properties/targets/default"))
                .extracting(JsonNode::asText)
                .containsExactly("query", "value");
        assertThat(model.at("/lora/properties/rankStabilised/default").isBoolean())
                .isTrue();
        assertThat(ConfigSchema.write().at("/properties/training/properties/train/enum"))
                .extracting(JsonNode::asText)
                .containsExactly("lora", "all", "backbone");
    }

    @Test
    void aListOfSectionsDescribesItsItems() {
        JsonNode images = null;
        for (JsonNode source : ConfigSchema.write().at("/properties/data/oneOf")) {
            images = source.at("/properties/source/const").asText().equals("images") ? source : images;
        }
        assertThat(images).isNotNull();
        assertThat(images.path("required"))
                .extracting(JsonNode::asText)
                .containsExactly("source", "directory", "targets");
        JsonNode target = images.at("/properties/targets/items");
        assertThat(target.path("required")).extracting(JsonNode::asText).containsExactly("column");
        assertThat(target.path("properties").fieldNames())
                .toIterable()
                .containsExactly("column", "name", "title", "unit");
    }

    @Test
    void everyConfigOfTheProjectIsRead() throws IOException {
        try (Stream<Path> files = Files.list(CONFIGS)) {
            assertThat(files.filter(file -> file.toString().endsWith(".yaml")))
                    .isNotEmpty()
                    .allSatisfy(file -> {
                        // Paths are relative to the project's directory, from which the launcher is called.
                        List<String> overrides = overrides(String.valueOf(file.getFileName()));
                        if (file.endsWith("rank-sweep.yaml")) {
                            assertThat(ConfigReader.readSweep(file, overrides).trials())
                                    .hasSize(18);
                        } else {
                            assertThat(ConfigReader.read(file, overrides).config())
                                    .isNotNull();
                        }
                    });
        }
    }

    private static List<String> overrides(String config) {
        return switch (config) {
            case "paper.yaml" -> List.of("model.backbone=.", "data.directory=.");
            case "quick.yaml", "rank-sweep.yaml" -> List.of("model.backbone=../savedmodels/chirp-backbone");
            case "chirp-vit.yaml" -> List.of("model.backbone=../savedmodels/chirp-backbone-fine");
            case "ablation-ci.yaml", "findings.yaml" -> List.of("model.finetuned=../savedmodels/chirp-vit");
            default -> List.of();
        };
    }

    private static List<JsonNode> find(JsonNode schema, String[] path, int depth) {
        if (depth == path.length) {
            return List.of(schema);
        }
        if (schema.path("items").has("properties")) {
            return find(schema.get("items"), path, depth);
        }
        Stream<JsonNode> sections = schema.has("oneOf")
                ? Stream.iterate(0, i -> i < schema.get("oneOf").size(), i -> i + 1)
                        .map(i -> schema.get("oneOf").get(i))
                : Stream.of(schema);
        return sections.map(section -> section.path("properties").path(path[depth]))
                .filter(property -> !property.isMissingNode())
                .flatMap(property -> find(property, path, depth + 1).stream())
                .toList();
    }
}

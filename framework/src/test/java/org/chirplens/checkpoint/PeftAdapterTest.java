package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chirplens.checkpoint.Recorded.get;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.chirplens.model.FloatArray;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.LoraConfig.Adapter;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.RandomWeights;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeftAdapterTest {
    private static final Path ADAPTER = Recorded.path("config_a/model/adapter");
    private static final VitConfig VIT = new VitConfig(32, 8, 48, 3, 4, 96, 1e-12);
    private static final VitConfig SMALL = new VitConfig(8, 4, 8, 2, 2, 12, 1e-12);
    private static final String QUERY_1 = "encoder.layer.1.attention.attention.query";

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

        assertThat(PeftAdapter.read(ADAPTER, VIT).lora()).isEqualTo(LoraConfig.onQueryAndValue(VIT, 8, 16, 0.1));
        assertThat(PeftAdapter.read(folder, VIT).lora()).isEqualTo(LoraConfig.onQueryAndValue(VIT, 8, 16, 0.1));
        assertThat(folder.resolve("adapter_model.safetensors"))
                .hasSameBinaryContentAs(ADAPTER.resolve("adapter_model.safetensors"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyAdapterThatIsWrittenIsReadAsTheSame(long seed) {
        LoraConfig lora = randomAdapters(new Random(seed), seed % 2 == 0);
        TrainedModel model = model(lora, seed);

        PeftAdapter.write(directory.resolve("adapter"), model);

        PeftAdapter read = PeftAdapter.read(directory.resolve("adapter"), SMALL);
        assertThat(read.lora()).as("seed " + seed).isEqualTo(lora);
        read.weights().forEach((name, weight) -> assertThat(weight.data())
                .as("seed " + seed + " " + name)
                .isEqualTo(get(model.weights(), name).data()));
    }

    @Test
    void whatIsAlikeIsWrittenBrieflyAndExceptionsByTheirFullNamesInBothPatterns() throws IOException {
        Map<String, Adapter> adapters =
                new LinkedHashMap<>(LoraConfig.onQueryAndValue(SMALL, 4, 8, 0).adapters());
        adapters.put(QUERY_1, new Adapter(2, 8, false));
        assertThat(written(new LoraConfig(adapters, 0)))
                .contains("\"target_modules\":[\"query\",\"value\"]", "\"r\":4,", "\"lora_alpha\":8,")
                .contains("\"rank_pattern\":{\"" + QUERY_1 + "\":2}", "\"alpha_pattern\":{\"" + QUERY_1 + "\":8}");

        adapters.remove("encoder.layer.0.attention.attention.query");
        assertThat(written(new LoraConfig(adapters, 0)))
                .contains("\"target_modules\":[\"encoder.layer.0.attention.attention.value\",\"" + QUERY_1 + "\",");
    }

    @Test
    void aMixOfScalingsCannotBeWritten() {
        Map<String, Adapter> adapters =
                new LinkedHashMap<>(LoraConfig.onQueryAndValue(SMALL, 4, 8, 0).adapters());
        adapters.put(QUERY_1, new Adapter(4, 8, true));

        refuses(
                () -> PeftAdapter.write(directory.resolve("x"), model(new LoraConfig(adapters, 0), 1)),
                "must be rank-stabilised as a whole or not at all");
        assertThat(directory.resolve("x")).doesNotExist();
    }

    @Test
    void aModelWithoutAnAdapterHasNoneToWrite() {
        TrainedModel bare = ModelDirectory.read(Recorded.path("config_a/model/backbone_vitmodel"));

        refuses(() -> PeftAdapter.write(directory.resolve("adapter"), bare), "the model has no LoRA adapter to write");
        assertThat(directory).isEmptyDirectory();
    }

    /** Target, patterns; then the rank of the adapters that are meant, by module and block. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "['query']#{}#{}#query0=4 query1=4",
                "['attention.query', 'key']#{}#{}#query0=4 query1=4 key0=4 key1=4",
                "['uery']#{}#{}#",
                "['encoder.layer.1.output.dense']#{}#{}#output1=4",
                "'encoder.layer.1.*(key|value)'#{}#{}#key1=4 value1=4",
                "'.*layer\\\\.(?P<n>[0-9])\\\\.intermediate\\\\.dense'#{}#{}#intermediate0=4 intermediate1=4",
                "'query'#{}#{}#",
                "['query', 'key']#{'query': 2}#{}#query0=2 query1=2 key0=4 key1=4",
                "['query', 'key']#{'layer.0.attention.attention.query': 2, 'query': 3}#{}#query0=2 query1=3 key0=4 key1=4",
                "['query', 'key']#{'query|key': 2}#{}#query0=2 query1=2 key0=2 key1=2"
            })
    void targetsAndPatternsMeanWhatTheyMeanToPeft(String target, String ranks, String alphas, String expected)
            throws IOException {
        Map<String, Integer> meant = new LinkedHashMap<>();
        for (String part : expected == null ? new String[0] : expected.split(" ")) {
            String name = part.substring(0, part.indexOf('='));
            meant.put(module(name), Integer.parseInt(part.substring(part.indexOf('=') + 1)));
        }
        String json = settings("\"peft_version\": \"0.18.0\"", target, ranks, alphas);
        if (meant.isEmpty()) {
            Path folder = folder(json, LoraConfig.onQueryAndValue(SMALL, 4, 8, 0), name -> name);
            refuses(
                    () -> PeftAdapter.read(folder, SMALL),
                    "adapter_config.json: target_modules must name at least one linear layer of the encoder, such as"
                            + " encoder.layer.0.attention.attention.query, found ");
            return;
        }
        Map<String, Adapter> adapters = new LinkedHashMap<>();
        meant.forEach((module, rank) -> adapters.put(module, new Adapter(rank, 8, false)));
        LoraConfig lora = new LoraConfig(adapters, 0);

        assertThat(PeftAdapter.read(folder(json, lora, name -> name), SMALL).lora())
                .isEqualTo(lora);
    }

    @Test
    void aPatternMatchesTheNamesThatTheTensorsHave() throws IOException {
        LoraConfig lora = LoraConfig.onQueryAndValue(SMALL, 4, 8, 0);
        String version5 = settings("\"r\": 4", "['q_proj', 'v_proj']", "{}", "{}");
        assertThat(PeftAdapter.read(folder(version5, lora, Renamed::version5), SMALL)
                        .lora())
                .isEqualTo(lora);

        String prefixed = settings("\"r\": 4", "'vit.encoder.*(query|value)'", "{}", "{}");
        UnaryOperator<String> vit = name -> name.replace("base_model.model.", "base_model.model.vit.");
        assertThat(PeftAdapter.read(folder(prefixed, lora, vit), SMALL).lora()).isEqualTo(lora);

        Path old = folder(settings("\"r\": 4", "['query', 'value']", "{}", "{}"), lora, Renamed::version5);
        refuses(() -> PeftAdapter.read(old, SMALL), "such as layers.0.attention.q_proj, found [\"query\",\"value\"]");
    }

    @Test
    void allLinearIsEveryLinearLayerOfTheEncoderAndAPoolersAdapterIsNotRead() throws IOException {
        Map<String, Adapter> adapters = new LinkedHashMap<>();
        Parameters.linearModules(2).forEach(module -> adapters.put(module, new Adapter(4, 8, true)));
        LoraConfig lora = new LoraConfig(adapters, 0);
        String json = settings("\"use_rslora\": true", "'all-linear'", "{}", "{}");
        Path folder = folder(json, lora, name -> name);
        assertThat(PeftAdapter.read(folder, SMALL).lora()).isEqualTo(lora);

        Path file = folder.resolve("adapter_model.safetensors");
        Map<String, FloatArray> tensors = new LinkedHashMap<>(Safetensors.read(file));
        tensors.put("base_model.model.pooler.dense.lora_A.weight", FloatArray.zeros(4, 8));
        Safetensors.write(file, tensors, Map.of());
        assertThat(PeftAdapter.read(folder, SMALL).weights()).hasSize(24);
    }

    @Test
    void patternsThatVersionsOfPeftReadDifferentlyAreRefusedUnlessTheFileNamesItsVersion() throws IOException {
        Map<String, Adapter> adapters = new LinkedHashMap<>();
        adapters.put("encoder.layer.0.attention.attention.query", new Adapter(2, 3, false));
        adapters.put(QUERY_1, new Adapter(4, 3, false));
        LoraConfig lora = new LoraConfig(adapters, 0);
        String ranks = "{'0.attention.attention.query': 2}";
        String alphas = "{'query': 3}";

        Path unsaid = folder(settings("\"r\": 4", "['query']", ranks, alphas), lora, name -> name);
        refuses(
                () -> PeftAdapter.read(unsaid, SMALL),
                "found rank 2 and alpha 3.0 of encoder.layer.0.attention.attention.query by the newer rule (each"
                        + " pattern by itself), rank 2 and alpha 8.0 by the older (one key for both)");
        Path said = folder(settings("\"peft_version\": \"0.18.0\"", "['query']", ranks, alphas), lora, name -> name);
        assertThat(PeftAdapter.read(said, SMALL).lora()).isEqualTo(lora);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'(a+)+$'|target_modules must name at least one linear layer of the encoder",
                "'((((((a?){999}){999}){999}){999}){999}){999}'|target_modules: a regular expression must not take that long"
            })
    void aHostilePatternIsRefusedSoon(String pattern, String message) throws IOException {
        Path folder = folder(
                settings("\"r\": 4", pattern, "{}", "{}"), LoraConfig.onQueryAndValue(SMALL, 4, 8, 0), name -> name);

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> refuses(() -> PeftAdapter.read(folder, SMALL), "adapter_config.json: " + message));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'(query'|target_modules: a regular expression must be one that can be matched, found (query",
                "''|target_modules must name at least one linear layer",
                "[]|target_modules must be a list of names or a regular expression, found []",
                "[3]|target_modules must be a list of names or a regular expression, found [3]"
            })
    void aTargetThatCannotBeUnderstoodIsRefused(String target, String message) throws IOException {
        Path folder = folder(
                settings("\"r\": 4", target, "{}", "{}"), LoraConfig.onQueryAndValue(SMALL, 4, 8, 0), name -> name);

        refuses(() -> PeftAdapter.read(folder, SMALL), message);
    }

    @Test
    void everyWrongTensorIsListed() throws IOException {
        Path folder = folder(
                settings("\"r\": 4", "['query', 'key']", "{}", "{}"),
                LoraConfig.onQueryAndValue(SMALL, 3, 8, 0),
                name -> name);

        refuses(
                () -> PeftAdapter.read(folder, SMALL),
                "missing base_model.model.encoder.layer.0.attention.attention.key.lora_A.weight [4, 8]",
                "misshapen base_model.model." + QUERY_1 + ".lora_A.weight: expected [4, 8], found [3, 8]",
                "unexpected base_model.model.encoder.layer.1.attention.attention.value.lora_B.weight");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"use_dora\": false|\"use_dora\": true|use_dora is not supported",
                "\"use_rslora\": false|\"use_rslora\": 1|use_rslora must be true or false",
                "\"bias\": \"none\"|\"bias\": \"all\"|bias must be \"none\"",
                "\"modules_to_save\": null|\"modules_to_save\": [\"classifier\"]|modules_to_save is not supported",
                "\"rank_pattern\": {}|\"rank_pattern\": {\"query\": 4.5}|rank_pattern.query must be an integer",
                "\"rank_pattern\": {}|\"rank_pattern\": {\"query\": 0}|query: rank must be at least 1, found 0",
                "\"alpha_pattern\": {}|\"alpha_pattern\": {\"query\": \"4\"}|alpha_pattern.query must be a number",
                "\"alpha_pattern\": {}|\"alpha_pattern\": 4|alpha_pattern must be an object",
                "\"layers_to_transform\": null|\"layers_to_transform\": [0]|layers_to_transform is not supported",
                "\"layer_replication\": null|\"layer_replication\": [[0, 2]]|layer_replication is not supported",
                "\"megatron_config\": null|\"megatron_config\": {\"a\": 1}|megatron_config is not supported",
                "\"fan_in_fan_out\": false|\"fan_in_fan_out\": true|fan_in_fan_out is not supported",
                "\"use_dora\": false|\"lora_bias\": true|lora_bias is not supported",
                "\"use_dora\": false|\"exclude_modules\": \"key\"|exclude_modules is not supported",
                "\"use_dora\": false|\"target_parameters\": [\"a\"]|target_parameters is not supported",
                "\"use_dora\": false|\"trainable_token_indices\": [1]|trainable_token_indices is not supported",
                "\"use_dora\": false|\"use_newest_variant\": true|use_newest_variant is not supported",
                "\"LORA\"|\"LOHA\"|peft_type must be \"LORA\"",
                "\"init_lora_weights\": true|\"init_lora_weights\": \"pissa\"|init_lora_weights must be",
                "\"init_lora_weights\": true|\"init_lora_weights\": \"lora_ga\"|init_lora_weights must be",
                "\"r\": 8|\"r\": 0|rank must be at least 1, found 0",
                "\"r\": 8|\"r\": 49|rank must be in [1, 48], the hidden size, found 49",
                "\"lora_dropout\": 0.1|\"lora_dropout\": 1.5|dropout must be in [0, 1), found 1.5",
                "\"lora_alpha\": 16|\"lora_alpha\": null|lora_alpha must be a number, found nothing"
            })
    void settingsThatWeDoNotComputeAreRefusedByName(String from, String to, String message) throws IOException {
        String json = Files.readString(ADAPTER.resolve("adapter_config.json"));
        assertThat(json).contains(from);
        Files.writeString(directory.resolve("adapter_config.json"), json.replace(from, to));
        Files.copy(ADAPTER.resolve("adapter_model.safetensors"), directory.resolve("adapter_model.safetensors"));

        refuses(() -> PeftAdapter.read(directory, VIT), "adapter_config.json: ", message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "\"gaussian\"", "\"eva\"", "\"orthogonal\""})
    void startsThatLeaveTheBackboneAloneAreAllowed(String start) throws IOException {
        String json = Files.readString(ADAPTER.resolve("adapter_config.json"));
        Files.writeString(
                directory.resolve("adapter_config.json"),
                json.replace("\"init_lora_weights\": true", "\"init_lora_weights\": " + start));
        Files.copy(ADAPTER.resolve("adapter_model.safetensors"), directory.resolve("adapter_model.safetensors"));

        assertThat(PeftAdapter.read(directory, VIT).lora()).isEqualTo(LoraConfig.onQueryAndValue(VIT, 8, 16, 0.1));
    }

    private static String module(String name) {
        int block = name.charAt(name.length() - 1) - '0';
        return switch (name.substring(0, name.length() - 1)) {
            case "intermediate" -> Parameters.intermediate(block);
            case "output" -> Parameters.mlpOutput(block);
            default -> Parameters.projection(block, name.substring(0, name.length() - 1));
        };
    }

    /** Settings in single quotes, of rank 4 and alpha 8 unless one of the two is given. */
    private static String settings(String more, String target, String ranks, String alphas) {
        String patterns =
                "\"target_modules\": " + target + ", \"rank_pattern\": " + ranks + ", \"alpha_pattern\": " + alphas;
        return "{\"peft_type\": \"LORA\", \"lora_alpha\": 8, " + (more.contains("\"r\"") ? "" : "\"r\": 4, ") + more
                + ", " + patterns.replace('\'', '"') + "}";
    }

    private Path folder(String json, LoraConfig lora, UnaryOperator<String> name) throws IOException {
        Path folder = Files.createTempDirectory(directory, "adapter");
        Map<String, FloatArray> tensors = new LinkedHashMap<>();
        model(lora, 3).weights().forEach((ours, weight) -> {
            if (Parameters.isLora(ours)) {
                tensors.put(name.apply("base_model.model." + ours), weight);
            }
        });
        Safetensors.write(folder.resolve("adapter_model.safetensors"), tensors, Map.of());
        Files.writeString(folder.resolve("adapter_config.json"), json);
        return folder;
    }

    private String written(LoraConfig lora) throws IOException {
        Path folder = directory.resolve("written");
        PeftAdapter.write(folder, model(lora, 1));
        return Files.readString(folder.resolve("adapter_config.json")).replaceAll("\\s+", "");
    }

    private static LoraConfig randomAdapters(Random random, boolean rankStabilised) {
        Map<String, Adapter> adapters = new LinkedHashMap<>();
        List<String> modules = new ArrayList<>(Parameters.linearModules(SMALL.numLayers()));
        while (adapters.isEmpty()) {
            for (String module : modules) {
                if (random.nextBoolean()) {
                    double alpha = random.nextInt(3) == 0 ? 0.5 + random.nextInt(4) : 8;
                    adapters.put(module, new Adapter(1 + random.nextInt(3), alpha, rankStabilised));
                }
            }
        }
        return new LoraConfig(adapters, 0.25);
    }

    private static TrainedModel model(LoraConfig lora, long seed) {
        ModelConfig config = ModelConfig.fineTuned(SMALL, lora);
        return new TrainedModel(config, RandomWeights.of(config, seed), ModelCard.bare());
    }

    private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... messages) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(messages);
    }
}

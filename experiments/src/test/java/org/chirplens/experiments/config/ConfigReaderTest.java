package org.chirplens.experiments.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.chirplens.analysis.Protocol;
import org.chirplens.checkpoint.DType;
import org.chirplens.checkpoint.HuggingFaceConfig;
import org.chirplens.dataset.ChirpTarget;
import org.chirplens.dataset.ImageLayout;
import org.chirplens.dataset.Target;
import org.chirplens.experiments.config.DataSettings.Generated;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.LoraTarget;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    private static final String SMALL = "training: {train: all}\nmodel:\n  hiddenSize: 96\n  numHeads: 4\n";

    private final Path directory;
    private String file = "";

    ConfigReaderTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void anAbsentKeyHasItsDocumentedDefault() throws IOException {
        ExperimentConfig config = read("training: {train: all}\n").config();
        assertThat(config.seed()).isEqualTo(42);
        assertThat(config.data()).isInstanceOf(Generated.class);
        assertThat(config.data().test()).isEqualTo(0.2);
        assertThat(config.data().validation()).isEqualTo(0.1);
        assertThat(config.model().lora())
                .isEqualTo(new ModelSettings.Lora(8, 16, 0.1, LoraConfig.RELEASED_TARGETS, false));
        assertThat(config.training().learningRate()).isEqualTo(1e-4);
        assertThat(config.analysis().protocols()).containsExactly(Protocol.HEAD_MASK);
    }

    @Test
    void theNameIsTheFilesNameUnlessStated() throws IOException {
        assertThat(read(SMALL).name()).isEqualTo("x");
        assertThat(read("name: other\n" + SMALL).name()).isEqualTo("other");
    }

    @Test
    void anOverrideWinsOverTheFile() throws IOException {
        LoadedConfig loaded = read(SMALL, "model.hiddenSize=48", "model.hiddenSize=24", "data.test=5");
        assertThat(loaded.config().model().hiddenSize()).isEqualTo(24);
        assertThat(loaded.config().data().test()).isEqualTo(5);
    }

    @Test
    void anUnknownKeyNamesTheNearestKnownOne() throws IOException {
        assertProblem("trainig: {train: all}\n", ":1:1: unknown key 'trainig'; did you mean 'training'?");
        assertProblem(
                SMALL + "  lora:\n    rnak: 4\n",
                ":6:5: unknown key 'model.lora.rnak'; did you mean 'model.lora.rank'?");
    }

    @Test
    void aKeyOfAnotherSectionIsFoundThere() throws IOException {
        assertProblem("rank: 4\n" + SMALL, ":1:1: unknown key 'rank'; did you mean 'model.lora.rank'?");
    }

    @Test
    void aWrongTypeSaysWhichWasExpected() throws IOException {
        assertProblem(
                "training: {train: all, epochs: ten}\n", ":1:32: training.epochs must be an integer, found 'ten'");
        assertProblem(
                "training: {train: all, epochs: 2.5}\n", ":1:32: training.epochs must be an integer, found '2.5'");
        assertProblem(
                "training: {train: all, epochs: \"2\"}\n",
                ":1:32: training.epochs must be an integer, found the quoted text '2'");
        assertProblem(
                "training: {train: some}\n",
                ":1:19: training.train must be one of [lora, all, backbone], found 'some'");
        assertProblem("training: 3\n", ":1:11: training must be a section of key: value lines, found '3'");
    }

    @Test
    void theRankMustFitTheHiddenSize() throws IOException {
        assertProblem(SMALL + "  lora:\n    rank: 0\n", ":6:11: model.lora.rank must be in [1, 96], found 0");
        assertProblem(SMALL + "  lora:\n    rank: 97\n", ":6:11: model.lora.rank must be in [1, 96], found 97");
    }

    @Test
    void theRankMustFitTheHiddenSizeOfABackbone() throws IOException {
        Path backbone = directory.resolve("backbone");
        String yaml = "model: {backbone: " + backbone + "}\n";
        HuggingFaceConfig.write(
                Files.createDirectory(backbone).resolve("config.json"),
                new VitConfig(32, 8, 48, 3, 4, 96, 1e-12),
                DType.F32);
        assertThat(read(yaml, "model.lora.rank=48").config().model().lora().rank())
                .isEqualTo(48);
        for (int rank : new int[] {0, 49}) {
            assertThatThrownBy(() -> read(yaml, "model.lora.rank=" + rank))
                    .hasMessageEndingWith(": model.lora.rank must be in [1, 48], found " + rank);
        }
        Files.delete(backbone.resolve("config.json"));
        assertThatThrownBy(() -> read(yaml, "model.lora.rank=0"))
                .hasMessageEndingWith(": model.lora.rank must be at least 1, found 0");
    }

    @Test
    void adaptersSitWhereTheConfigSays() throws IOException {
        LoadedConfig loaded = read(SMALL + "  lora: {targets: [key, attention_output, intermediate, mlp_output]}\n");
        assertThat(loaded.config().model().lora().targets())
                .containsExactly(
                        LoraTarget.KEY, LoraTarget.ATTENTION_OUTPUT, LoraTarget.INTERMEDIATE, LoraTarget.MLP_OUTPUT);
        String yaml = new YAMLMapper().writeValueAsString(ConfigTree.file(loaded));
        assertThat(read(yaml).config()).isEqualTo(loaded.config());
        assertThat(read(SMALL, "model.lora.targets=[value]", "model.lora.rankStabilised=true")
                        .config()
                        .model()
                        .lora())
                .isEqualTo(new ModelSettings.Lora(8, 16, 0.1, List.of(LoraTarget.VALUE), true));
    }

    @Test
    void anUnknownTargetOfAnAdapterIsAnsweredWithTheKnownOnes() throws IOException {
        String known = "[query, key, value, attention_output, intermediate, mlp_output]";
        assertProblem(
                SMALL + "  lora:\n    targets: [query, q_proj]\n",
                ":6:22: model.lora.targets must hold only " + known + ", found 'q_proj'");
        assertProblem(
                SMALL + "  lora:\n    targets: all\n",
                ":6:14: model.lora.targets must be a list of " + known + ", found 'all'");
        assertProblem(
                SMALL + "  lora: {targets: []}\n",
                ":5:19: model.lora.targets must name at least one layer, found none");
        assertProblem(
                SMALL + "  lora: {targets: [key, value, key]}\n",
                ":5:19: model.lora.targets must name each layer once, found [key, value, key]");
    }

    @Test
    void anOverridesProblemNamesTheOverride() {
        assertThatThrownBy(() -> read(SMALL, "model.lora.targets=[query, no]"))
                .hasMessageStartingWith(
                        "--set model.lora.targets=[query, no]: model.lora.targets must hold only [query,");
        assertThatThrownBy(() -> read(SMALL, "model.lora={rang: 1}"))
                .hasMessageStartingWith("--set model.lora={rang: 1}: unknown key 'model.lora.rang'");
        assertThatThrownBy(() -> read(SMALL, "model.lora.rank=0"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--set model.lora.rank=0: model.lora.rank must be in [1, 96], found 0");
        assertThatThrownBy(() -> read(SMALL, "model.lora.rang=1"))
                .hasMessage("--set model.lora.rang=1: unknown key 'model.lora.rang'; did you mean 'model.lora.rank'?");
        assertThatThrownBy(() -> read(SMALL, "seed")).hasMessage("--set seed: must be of the form key.path=value");
    }

    @Test
    void theImageMustHoldWholePatches() throws IOException {
        assertProblem(
                SMALL + "  imageSize: 100\n",
                ":5:14: model.imageSize must be a multiple of model.patchSize 16, found 100");
    }

    @Test
    void aMissingDataDirectoryIsNamed() throws IOException {
        assertProblem(
                SMALL + "data: {source: directory, directory: no/such}\n",
                ":5:38: data.directory must be an existing directory, found 'no/such'");
    }

    @Test
    void aDirectoryNeedsAPathAndKnowsNoCount() throws IOException {
        assertProblem(
                SMALL + "data: {source: directory}\n",
                ":5:7: data.directory must be given: Directory with labels.csv and spectrogram_1.png, …"
                        + " or TFRecord files (relative to where the command is started).");
        assertThatThrownBy(() -> read(SMALL + "data: {source: directory, directory: ., count: 5}\n"))
                .hasMessageContaining(":5:41: 'data.count' has no meaning beside the section's other choices");
    }

    @Test
    void imagesNameTheirColumns() throws IOException {
        LoadedConfig loaded = read(SMALL + """
                data:
                  source: images
                  directory: .
                  fileColumn: file
                  targets:
                    - {column: Age, unit: years}
                    - {column: "score, raw", name: score, title: raw score}
                """);
        DataSettings.Images images = (DataSettings.Images) loaded.config().data();
        assertThat(images.layout())
                .isEqualTo(new ImageLayout(
                        "labels.csv",
                        "file",
                        null,
                        List.of(
                                new ImageLayout.Column("Age", new Target("age", "Age", "years")),
                                new ImageLayout.Column("score, raw", new Target("score", "raw score", "")))));
        String yaml = new YAMLMapper().writeValueAsString(ConfigTree.file(loaded));
        assertThat(read(yaml).config()).isEqualTo(loaded.config());
        assertThat(ConfigReader.readData(Path.of(file), List.of()).config().data())
                .isEqualTo(images);
    }

    @ParameterizedTest
    @CsvSource({
        "'count: 10, test: 4, validation: 6', 59, 'must leave training images of the 6 that data.test leaves, found 6.0'",
        "'count: 10, test: 0.9, validation: 0.1', 61, 'must leave training images of the 1 that data.test leaves, found 0.1'",
        "'count: 10, validation: 1.5', 50, 'must be a fraction below 1 or a whole number, found 1.5'",
        "'count: 10, validation: -1', 50, 'must be at least 0, found -1'"
    })
    void validationMustLeaveTrainingImages(String keys, int column, String rule) throws IOException {
        assertProblem(
                SMALL + "data: {source: generated, " + keys + "}\n", ":5:" + column + ": data.validation " + rule);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            targets: [{column: a}] | :5:7: data.fileColumn or data.filePattern must be given: one of them says where each image is
            fileColumn: f, filePattern: 'x{i}', targets: [{column: a}] | :5:66: data.filePattern must not stand beside data.fileColumn; leave one out
            filePattern: x.png, targets: [{column: a}] | :5:51: data.filePattern must hold {i}, the number of the row, found 'x.png'
            fileColumn: f, targets: [] | :5:62: data.targets must name at least one column, found none
            fileColumn: f, targets: a | :5:62: data.targets must be a list of sections, found 'a'
            fileColumn: f, targets: [a] | :5:63: data.targets[0] must be a section of key: value lines, found 'a'
            fileColumn: f, targets: [{colum: a}] | :5:64: unknown key 'data.targets[0].colum'; did you mean 'data.targets[0].column'?
            fileColumn: f, targets: [{column: a}, {column: b, name: B}] | :5:94: data.targets[1].name must be a small letter, then small letters, digits and underscores, found 'B'
            fileColumn: f, targets: [{column: 2nd}] | :5:72: data.targets[0].column must be a small letter, then small letters, digits and underscores, found '2nd' as the column's name; give it another with name
            fileColumn: f, targets: [{column: A}, {column: a}] | :5:85: data.targets[1].column must be another name than those before, found 'a'
            """)
    void whatImagesNeedIsAskedFor(String keys, String problem) {
        assertThatThrownBy(() -> read(SMALL + "data: {source: images, directory: ., " + keys + "}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(file + problem);
    }

    @Test
    void imagesThatAreNoChirpsHaveNoPlaceOfTheChirp() {
        String yaml = """
                training: {train: all, pretext: {ends: 0.5}}
                data: {source: images, directory: ., fileColumn: f, targets: [{column: a}]}
                """;
        assertThatThrownBy(() -> read(yaml))
                .hasMessage(file
                        + ":1:33: training.pretext must have no task for data.source images, which knows of no chirp,"
                        + " found Pretext[ridge=0.0, ends=0.5, labels=0.0, cellSize=8]");
    }

    @Test
    void epochsThatSeeTheAxesAloneNeedAxesAndAnEpochAfterThem() {
        assertThatThrownBy(() -> read("""
                training: {train: all, epochs: 4, axesEpochs: 3}
                data: {source: images, directory: ., fileColumn: f, targets: [{column: a}]}
                """))
                .hasMessageContaining(
                        "training.axesEpochs must be 0 for data.source images, which knows of no axes, found 3");
        assertProblem(
                "training: {train: all, epochs: 3, axesEpochs: 3}\n",
                ":1:47: training.axesEpochs must be below training.epochs 3, found 3");
    }

    @Test
    void cellsOfThePretextTasksFillPatches() {
        assertProblem(
                "training: {train: all, pretext: {ridge: 1, cellSize: 3}}\n",
                ":1:54: training.pretext.cellSize must divide model.patchSize 16, found 3");
    }

    @Test
    void cellsOfThePretextTasksFillTheBackbonesPatches() throws IOException {
        Path backbone = Files.createDirectory(directory.resolve("backbone"));
        HuggingFaceConfig.write(backbone.resolve("config.json"), new VitConfig(32, 8, 48, 3, 4, 96, 1e-12), DType.F32);
        assertThatThrownBy(() -> read("model: {backbone: " + backbone
                        + "}\ntraining: {train: backbone, pretext: {ridge: 1, cellSize: 16}}\n"))
                .hasMessageContaining("training.pretext.cellSize must divide the backbone's patch size 8, found 16");
    }

    @Test
    void aFigureHasRoomForItsColourBar() {
        assertThatThrownBy(() -> read(SMALL + "data: {figure: {width: 320, height: 961}}\n"))
                .hasMessageContaining("data.figure.height must be at most 3 times data.figure.width 320, found 961");
    }

    @Test
    void muonHasNoMatrixToTrainInAdapters() {
        assertThatThrownBy(() -> read("model: {backbone: .}\ntraining: {matrixLearningRate: 0.02}\n"))
                .hasMessageContaining("training.matrixLearningRate must be 0 with training.train lora");
    }

    @Test
    void theWeightDecayOfAStepLeavesSomethingOfEveryWeight() {
        assertProblem(
                "training: {train: all, learningRate: 100}\n",
                ":1:38: training.learningRate must be below 1 / training.weightDecay 0.01, found 100.0");
        assertProblem(
                "training: {train: all, matrixLearningRate: 2, weightDecay: 0.5}\n",
                ":1:44: training.matrixLearningRate must be below 1 / training.weightDecay 0.5, found 2.0");
    }

    @Test
    void aKeyThatAnEarlierVersionDidNotHaveStandsForItsDefault() throws IOException {
        ObjectNode now = ConfigTree.of(read(SMALL));
        ObjectNode earlier = now.deepCopy();
        earlier.remove("seed");
        ((ObjectNode) earlier.path("training")).remove(List.of("learningRate", "pretext"));
        ((ObjectNode) earlier.path("analysis")).remove(List.of("atlas", "protocols"));
        ((ObjectNode) earlier.path("model")).remove("initialWeights");
        assertThat(ConfigTree.sameResults(earlier, now)).isTrue();
        assertThat(ConfigTree.sameResults(now, earlier))
                .as("a key that is gone is no default")
                .isFalse();

        ObjectNode other = ConfigTree.of(read(SMALL, "training.pretext.ridge=1"));
        assertThat(ConfigTree.sameResults(earlier, other)).isFalse();
        assertThat(ConfigTree.firstDifference(earlier, other))
                .isEqualTo("training.pretext.ridge: nothing there, 1.0 here");
        assertThat(ConfigTree.firstDifference(earlier, ConfigTree.of(read(SMALL, "training.epochs=3"))))
                .isEqualTo("training.epochs: 100 there, 3 here");
    }

    @Test
    void aBackboneIsTrainedWithoutAdapters() {
        assertThatThrownBy(() -> read("training: {train: backbone}\nmodel: {lora: {rank: 4}}\n"))
                .hasMessage(file + ":2:15: model.lora must be left out with training.train backbone, which makes no"
                        + " adapters");
    }

    @Test
    void chirpsMayHaveOtherTargets() throws IOException {
        assertThat(((DataSettings.Generated) read(SMALL + "data: {targets: [duration, exponential]}\n")
                                .config()
                                .data())
                        .targets())
                .containsExactly(ChirpTarget.DURATION, ChirpTarget.EXPONENTIAL);
        assertProblem(
                SMALL + "data: {targets: [duration, duration]}\n",
                ":5:17: data.targets must name each target once, found [duration, duration]");
    }

    @Test
    void aFileThatOnlyDescribesDataIsRead() throws IOException {
        Path path = directory.resolve("data.yaml");
        Files.writeString(path, "data: {source: images, directory: ., fileColumn: f, targets: [{column: a}]}\n");
        assertThat(ConfigReader.readData(path, List.of()).config().data()).isInstanceOf(DataSettings.Images.class);
        Files.writeString(path, "data: {source: directory, directory: no/such}\n");
        assertThatThrownBy(() -> ConfigReader.readData(path, List.of()))
                .hasMessageEndingWith(":1:38: data.directory must be an existing directory, found 'no/such'");
    }

    @Test
    void everyProblemIsReportedAtOnce() {
        assertThatThrownBy(() -> read("seed: x\nmodel: {imagesize: 3}\ntraining: {epochs: 0}\n"))
                .hasMessage(file + ":1:7: seed must be an integer, found 'x'\n" + file
                        + ":2:9: unknown key 'model.imagesize'; did you mean 'model.imageSize'?\n" + file
                        + ":3:20: training.epochs must be at least 1, found 0");
    }

    @Test
    void aKeyMayBeStatedOnlyOnce() throws IOException {
        assertProblem("seed: 1\nseed: 2\n" + SMALL, ":2:1: seed is stated twice");
    }

    @Test
    void aFrozenBackboneOfRandomWeightsIsRefused() {
        assertThatThrownBy(() -> read("seed: 1\n")).hasMessageContaining("training.train lora needs model.backbone");
    }

    @Test
    void brokenYamlIsReportedWithItsPlace() {
        assertThatThrownBy(() -> read("model: {imageSize: 3\n")).hasMessageStartingWith(file + ":2:1: not valid YAML");
    }

    @Test
    void aMissingFileIsOneLine() {
        assertThatThrownBy(() -> ConfigReader.read(Path.of("no.yaml"), List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("config file no.yaml does not exist");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SMALL + "data: {test: 12}\nseed: 7\n",
                SMALL + "data: {targets: [duration]}\n",
                "model: {backbone: ., imageSize: 48}\n",
                "model: {backbone: .}\ntraining: {train: backbone}\n",
                "model: {finetuned: .}\n",
                "model: {finetuned: .}\ndata: {preprocessing: imagenet, count: 7}\n",
            })
    void theFileOfARunReadsBackAsTheSame(String yaml) throws IOException {
        LoadedConfig loaded = read(yaml);
        LoadedConfig again = read(new YAMLMapper().writeValueAsString(ConfigTree.file(loaded)));
        assertThat(again.config()).isEqualTo(loaded.config());
        assertThat(again.states("data.preprocessing"))
                .as("a fine-tuned model's own recipe is laid over by a stated one")
                .isEqualTo(loaded.states("data.preprocessing") || !yaml.contains("finetuned"));
    }

    @Test
    void weightsAreNotDrawnForABackboneThatHasSome() throws IOException {
        assertProblem(
                "model: {backbone: ., initialWeights: glorot}\n",
                ":1:38: model.initialWeights has no use with model.backbone, which has weights");
        assertProblem(
                "model: {backbone: ., patchEmbedding: whitened}\n",
                ":1:38: model.patchEmbedding has no use with model.backbone, which has one");
    }

    @Test
    void aWhitenedPatchEmbeddingHasNoMoreOutputsThanInputs() throws IOException {
        String rest = ", imageSize: 32, patchSize: 4, numHeads: 4, patchEmbedding: whitened}\ntraining: {train: all}\n";
        assertProblem(
                "model: {hiddenSize: 52" + rest,
                ":1:21: model.hiddenSize must be at most 48, the values of a patch, with model.patchEmbedding whitened,"
                        + " found 52");
        assertThat(read("model: {hiddenSize: 48" + rest).config().model().patchEmbedding())
                .isEqualTo(ModelSettings.PatchEmbedding.WHITENED);
    }

    @Test
    void aBackboneHasItsOwnSizesButAnotherImageSizeMayBeStated() throws IOException {
        String backbone = "model: {backbone: .}\n";
        assertThat(ConfigTree.of(read(backbone)).path("model").has("imageSize")).isFalse();

        LoadedConfig resized = read("model: {backbone: ., imageSize: 48}\n");
        assertThat(ConfigTree.of(resized).at("/model/imageSize").asInt()).isEqualTo(48);
        assertThat(ConfigTree.of(resized).path("model").has("patchSize")).isFalse();
        String yaml = new YAMLMapper().writeValueAsString(ConfigTree.file(resized));
        assertThat(read(yaml).config()).isEqualTo(resized.config());

        assertProblem(
                "model: {backbone: ., patchSize: 8}\n",
                ":1:33: model.patchSize comes from model.backbone; leave one of the two out");
    }

    private void assertProblem(String yaml, String expected) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigException.class)
                .satisfies(e -> assertThat(e.getMessage()).isEqualTo(file + expected));
    }

    private LoadedConfig read(String yaml, String... overrides) throws IOException {
        Path path = directory.resolve("x.yaml");
        file = path.toString();
        Files.writeString(path, yaml);
        return ConfigReader.read(path, Arrays.asList(overrides));
    }
}

package org.chirplens.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.chirplens.training.RecordedTraining.get;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.dataset.ImageSet;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.figure.RgbImage;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.PatchWindow;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    private static final VitConfig VIT = new VitConfig(16, 8, 16, 2, 2, 32, 1e-12);
    private static final ModelConfig MODEL = ModelConfig.fineTuned(VIT, LoraConfig.onQueryAndValue(VIT, 2, 4, 0.1));
    private static final SessionOptions OPTIONS = new SessionOptions("cpu", 1);
    private static final Map<String, FloatArray> INITIAL = InitialWeights.fromNothing(MODEL, 7);
    private static final TrainingConfig CONFIG = TrainingConfig.released()
            .with()
            .train(Trainable.ALL)
            .epochs(4)
            .batchSize(8)
            .epochImages(20)
            .learningRate(3e-3)
            .pretext(new Pretext(0.5, 0.2, 0.3, 4))
            .clipNorm(1)
            .build();

    private final Path directory;

    TrainerTest(@TempDir Path directory) {
        this.directory = directory;
    }

    /** Images of one colour, whose red, green and blue say when and where the chirp starts and ends. */
    private static final class Shades implements ImageSet {
        @Override
        public int size() {
            return 48;
        }

        @Override
        public String name(int index) {
            return "shade " + index;
        }

        @Override
        public RgbImage image(int index) {
            Chirp chirp = chirp(index);
            byte[] rgb = new byte[3 * 16 * 16];
            for (int i = 0; i < rgb.length; i += 3) {
                rgb[i] = (byte) (5 * chirp.startTimeSeconds());
                rgb[i + 1] = (byte) (2.5 * chirp.startFrequencyHz());
                rgb[i + 2] = (byte) (2.5 * chirp.endFrequencyHz());
            }
            return new RgbImage(16, 16, rgb);
        }

        @Override
        public Chirp chirp(int index) {
            return new Chirp(index * 13 % 45, 5, index * 37 % 100, index * 59 % 100, ChirpShape.LINEAR);
        }
    }

    private static TrainingData data(ImageSet images) {
        return data(images, 1 << 20);
    }

    private static TrainingData data(ImageSet images, long keptBytes) {
        return data(images, keptBytes, image -> new ChirpCells(ridge(image), image % 16, (image + 5) % 16), null);
    }

    private static TrainingData data(ImageSet images, long keptBytes, ChirpFinder chirps, @Nullable PatchWindow axes) {
        int[] train = IntStream.range(0, 36).toArray();
        return new TrainingData(
                images,
                train,
                IntStream.range(36, 48).toArray(),
                Preprocessing.TRAINING,
                TargetScaling.over(images, train),
                chirps,
                axes,
                2,
                keptBytes);
    }

    private static float[] ridge(int image) {
        float[] ridge = new float[16];
        ridge[image % 16] = 1;
        ridge[image % 7] = 1;
        return ridge;
    }

    private static TrainingResult train(TrainingConfig config, Path directory, TrainingListener listener) {
        return new Trainer(MODEL, config, OPTIONS).run(data(new Shades()), INITIAL, directory, true, listener);
    }

    private static void assertSameWeights(Map<String, FloatArray> a, Map<String, FloatArray> b) {
        assertThat(a.keySet()).isEqualTo(b.keySet());
        a.forEach((name, value) ->
                assertThat(value.data()).as(name).containsExactly(get(b, name).data()));
    }

    @Test
    void keptImagesChangeNothingAndLeaveNoFile() {
        Path without = directory.resolve("without");
        TrainingResult drawnAgain = new Trainer(MODEL, CONFIG, OPTIONS)
                .run(data(new Shades(), 0), INITIAL, without, false, TrainingListener.SILENT);
        TrainingResult kept = train(CONFIG, directory.resolve("with"), TrainingListener.SILENT);

        assertSameWeights(kept.weights(), drawnAgain.weights());
        assertThat(without.resolve("prepared-images.tmp")).doesNotExist();
        assertThat(directory.resolve("with/prepared-images.tmp")).doesNotExist();
    }

    @Test
    void aRunThatWasStoppedInAnyPhaseEndsInTheSameWeights() throws IOException {
        TrainingResult whole = train(CONFIG, directory.resolve("whole"), TrainingListener.SILENT);
        Path stopped = directory.resolve("stopped");
        for (int stop : new int[] {4, 7, 9}) {
            assertThatThrownBy(() -> train(CONFIG, stopped, stopAfter(stop))).hasMessage("stopped");
            cutOffCheckpoint(stopped);
        }
        TrainingResult resumed = train(CONFIG, stopped, TrainingListener.SILENT);
        assertSameWeights(resumed.weights(), whole.weights());
        assertThat(resumed.epochs()).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(resumed.epochs().get(i).trainLoss())
                    .isEqualTo(whole.epochs().get(i).trainLoss());
            assertThat(resumed.epochs().get(i).validation())
                    .isEqualTo(whole.epochs().get(i).validation());
        }
        Path table = stopped.resolve("training.csv");
        List<String> rows = Files.readAllLines(table);
        Files.delete(table);
        train(CONFIG, stopped, TrainingListener.SILENT);
        assertThat(table)
                .as("written after the last checkpoint, so perhaps not at all")
                .hasContent(String.join("\n", rows));
        Path notes = Files.createDirectories(stopped.resolve("checkpoints/epoch-notes"));
        Path copy = Files.createDirectories(stopped.resolve("checkpoints/epoch-00001-keep"));
        train(CONFIG, stopped, TrainingListener.SILENT);
        assertThat(notes).exists();
        assertThat(copy).exists();
        Files.delete(notes);
        Files.delete(copy);
        try (var files = Files.list(stopped.resolve("checkpoints"))) {
            assertThat(files).containsExactly(stopped.resolve("checkpoints/epoch-00004"));
        }
        TrainingResult again = train(CONFIG, stopped, stopAfter(1));
        assertThat(again.epochs()).as("a finished run is not trained again").isEqualTo(resumed.epochs());
        assertSameWeights(again.weights(), whole.weights());
    }

    /** In the first three epochs the left column of patches alone, where all chirps begin and end. */
    @Test
    void aRunThatFirstSeesTheAxesAloneEndsWithWholeImagesStoppedOrNot() {
        TrainingConfig config = CONFIG.with()
                .epochs(5)
                .axesEpochs(3)
                .earlyStoppingPatience(1)
                .learningRate(0.02)
                .seed(4)
                .build();
        TrainingData data = data(
                new Shades(),
                0,
                image -> new ChirpCells(ridge(image), 4 * (image % 4), 1 + 4 * (image % 3)),
                new PatchWindow(0, 0, 2, 1));
        Trainer trainer = new Trainer(MODEL, config, OPTIONS);
        Path whole = directory.resolve("whole");
        TrainingResult result = trainer.run(data, INITIAL, whole, true, TrainingListener.SILENT);
        List<EpochRecord> epochs = result.epochs();
        double leastOfAxes = epochs.get(1).validation().mse();
        assertThat(epochs.get(2).validation().mse())
                .as("an epoch without improvement, which would end training if it counted")
                .isGreaterThan(leastOfAxes);
        assertThat(result.bestEpoch()).isGreaterThan(3);
        assertThat(result.best().validation().mse())
                .as("the loss of axes does not compete")
                .isGreaterThan(leastOfAxes);

        Path stopped = directory.resolve("stopped");
        for (int stop : new int[] {4, 6, 7, 8, 8}) {
            assertThatThrownBy(() -> trainer.run(data, INITIAL, stopped, true, stopAfter(stop)))
                    .hasMessage("stopped");
        }
        TrainingResult resumed = trainer.run(data, INITIAL, stopped, true, TrainingListener.SILENT);
        assertSameWeights(resumed.weights(), result.weights());
        assertThat(resumed.bestEpoch()).isEqualTo(result.bestEpoch());
        assertThat(resumed.epochs())
                .extracting(EpochRecord::trainLoss, EpochRecord::validation)
                .isEqualTo(epochs.stream()
                        .map(epoch -> tuple(epoch.trainLoss(), epoch.validation()))
                        .toList());

        try (InferenceModel model = new InferenceModel(MODEL, result.weights(), OPTIONS)) {
            Predictions predictions = Evaluation.run(
                    model, data.images(), data.validation(), data.preprocessing(), data.scaling(), 5, 2, done -> {});
            assertThat(predictions.metrics(data.scaling()).mse())
                    .isCloseTo(result.best().validation().mse(), within(1e-5));
        }
        assertThatThrownBy(() -> new Trainer(MODEL, config, OPTIONS)
                        .run(data(new Shades()), INITIAL, directory, false, TrainingListener.SILENT))
                .hasMessageContaining("need to know where these are; without that axesEpochs must be 0, found 3");
    }

    /** What a process leaves that is killed while it writes a checkpoint. */
    private static void cutOffCheckpoint(Path run) throws IOException {
        Path partial = run.resolve("checkpoints/.epoch-00009.partial");
        Files.createDirectories(partial);
        Files.writeString(partial.resolve("progress.json"), "{");
    }

    /** Stops after so many batches, training and validation together; an epoch here is three batches and two. */
    private static TrainingListener stopAfter(int batches) {
        return new TrainingListener() {
            private int seen;

            @Override
            public void progress(Progress progress) {
                if (++seen == batches) {
                    throw new IllegalStateException("stopped");
                }
            }
        };
    }

    @Test
    void aCheckpointOfAnotherConfigurationIsRefused() {
        assertThatThrownBy(() -> train(CONFIG, directory, stopAfter(7))).hasMessage("stopped");
        TrainingConfig other = CONFIG.with().learningRate(1e-3).build();
        assertThatThrownBy(() -> train(other, directory, TrainingListener.SILENT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("belongs to another run, its training differ")
                .hasMessageContaining("learningRate=0.003")
                .hasMessageContaining("learningRate=0.001");
    }

    @Test
    void aSmallModelLearnsWhatTheImagesSay() {
        TrainingConfig config = CONFIG.with()
                .epochs(30)
                .epochImages(72)
                .pretext(Pretext.none())
                .earlyStoppingPatience(0)
                .build();
        TrainingResult result = train(config, directory, TrainingListener.SILENT);
        assertThat(result.best().validation().mse()).isLessThan(0.2);
        assertThat(result.best().validation().mse())
                .isEqualTo(result.epochs().stream()
                        .mapToDouble(epoch -> epoch.validation().mse())
                        .min()
                        .orElseThrow());
    }

    @Test
    void theResultPredictsAsTheBestEpochDid() {
        TrainingResult result = train(CONFIG, directory, TrainingListener.SILENT);
        TrainingData data = data(new Shades());
        List<Integer> progress = new ArrayList<>();
        try (InferenceModel model = new InferenceModel(MODEL, result.weights(), OPTIONS)) {
            Predictions predictions = Evaluation.run(
                    model, data.images(), data.validation(), data.preprocessing(), data.scaling(), 5, 2, progress::add);
            assertThat(predictions.metrics(data.scaling()).mse())
                    .isCloseTo(result.best().validation().mse(), within(1e-5));
        }
        assertThat(progress).containsExactly(5, 10, 12);
    }

    @Test
    void aFrozenBackboneKeepsEveryBit() {
        TrainingConfig config =
                CONFIG.with().train(Trainable.LORA).weightDecay(0.1).epochs(1).build();
        TrainingResult result = train(config, directory, TrainingListener.SILENT);
        INITIAL.forEach((name, before) -> {
            float[] after = get(result.weights(), name).data();
            if (Trainable.LORA.trains(name)) {
                assertThat(after).as(name).isNotEqualTo(before.data());
            } else {
                assertThat(after).as(name).containsExactly(before.data());
            }
        });
    }

    @Test
    void aFixedPatchEmbeddingKeepsEveryBit() {
        TrainingConfig config = CONFIG.with()
                .fixedPatches(true)
                .matrixLearningRate(0.01)
                .weightDecay(0.1)
                .epochs(1)
                .build();
        TrainingResult result = train(config, directory, TrainingListener.SILENT);
        INITIAL.forEach((name, before) -> assertThat(get(result.weights(), name).equals(before))
                .as(name)
                .isEqualTo(name.equals(Parameters.PATCH_WEIGHT)));
    }

    @Test
    void aLossThatIsNotFiniteStopsTheRunWithStepAndLearningRate() {
        TrainingConfig config = CONFIG.with()
                .learningRate(1e30)
                .weightDecay(0)
                .clipNorm(0)
                .epochs(3)
                .build();
        assertThatThrownBy(() -> train(config, directory, TrainingListener.SILENT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching("the loss became (NaN|Infinity) in step [2-9] .*at learning rate 1.0E30.*");
    }

    @Test
    void progressCountsUpAndEndsWithNothingLeft() {
        List<TrainingListener.Progress> heard = new ArrayList<>();
        List<EpochRecord> epochs = new ArrayList<>();
        train(CONFIG.with().epochs(2).build(), directory, new TrainingListener() {
            @Override
            public void progress(Progress progress) {
                heard.add(progress);
            }

            @Override
            public void epoch(EpochRecord epoch) {
                epochs.add(epoch);
            }
        });
        assertThat(heard)
                .extracting(TrainingListener.Progress::imagesDone)
                .containsExactly(8, 16, 20, 8, 12, 8, 16, 20, 8, 12);
        assertThat(heard).allSatisfy(progress -> {
            assertThat(progress.imagesPerSecond()).isPositive();
            assertThat(progress.etaSeconds()).isNotNegative();
        });
        assertThat(heard.get(9).etaSeconds()).isZero();
        assertThat(epochs).extracting(EpochRecord::images).containsExactly(20L, 40L);
        assertThat(directory.resolve("training.csv")).exists();
        assertThat(directory.resolve("tensorboard").resolve(TensorBoardEvents.FILE_NAME))
                .isNotEmptyFile();
    }

    @Test
    void whatCannotBeTrainedIsRefusedBeforeAnyWork() {
        assertThatThrownBy(() -> new Trainer(new ModelConfig(VIT, null, 3), TrainingConfig.released(), OPTIONS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have adapters");
        assertThatThrownBy(() -> new Trainer(ModelConfig.backbone(VIT), CONFIG, OPTIONS))
                .hasMessageContaining("must have a regression head");
    }
}

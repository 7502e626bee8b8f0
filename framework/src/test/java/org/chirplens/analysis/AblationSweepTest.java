package org.chirplens.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.dataset.ImageSet;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.ProgressListener;
import org.chirplens.dataset.Selection;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.figure.RgbImage;
import org.chirplens.model.HeadId;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.RandomWeights;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AblationSweepTest {
    private static final VitConfig VIT = new VitConfig(24, 8, 20, 3, 4, 28, 1e-12);
    private static final ModelConfig CONFIG = ModelConfig.fineTuned(VIT, LoraConfig.onQueryAndValue(VIT, 2, 4, 0));
    private static final int IMAGES = 7;
    private static final long HEADS = VIT.numLayers() * (long) VIT.numHeads();
    /** Two orders of the same float32 sums, values of order 1. */
    private static final float ROUNDING = 2e-5f;

    private static InferenceModel model;

    @TempDir
    private Path directory;

    @BeforeAll
    static void open() {
        model = new InferenceModel(CONFIG, RandomWeights.of(CONFIG, 7), SessionOptions.defaults());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void theSharedSweepGivesTheNumbersOfTheNaiveOne() {
        HeadAblation shared = sweep(AblationSweep.Method.SHARED, "a", ProgressListener.NONE);
        HeadAblation naive = sweep(AblationSweep.Method.NAIVE, "b", ProgressListener.NONE);
        assertClose(shared.baseline(), naive.baseline());
        for (HeadId head : naive.heads()) {
            assertClose(shared.predictions(head), naive.predictions(head));
            assertThat(shared.ablatedLoss(head)).isCloseTo(naive.ablatedLoss(head), within(1e-5));
            assertThat(naive.predictions(head)[0]).isNotEqualTo(naive.baseline()[0]);
        }
    }

    @Test
    void aStoppedSweepGoesOnWhereItWas() {
        HeadAblation whole = sweep(AblationSweep.Method.SHARED, "whole", ProgressListener.NONE);
        ProgressListener interrupt = (done, total) -> {
            if (done >= 4 * HEADS) {
                throw new IllegalStateException("stopped by the test");
            }
        };
        assertThatThrownBy(() -> sweep(AblationSweep.Method.SHARED, "stopped", interrupt))
                .hasMessage("stopped by the test");
        List<Long> done = new ArrayList<>();
        HeadAblation resumed = sweep(AblationSweep.Method.SHARED, "stopped", (images, total) -> done.add(images));
        assertThat(done.get(0)).isEqualTo(4 * HEADS);
        assertThat(resumed.ablated()).isDeepEqualTo(whole.ablated());
    }

    @Test
    void aHalfWrittenRecordIsComputedAgain() throws IOException {
        HeadAblation whole = sweep(AblationSweep.Method.SHARED, "torn", ProgressListener.NONE);
        Path journal = directory.resolve("torn");
        byte[] bytes = Files.readAllBytes(journal);
        Files.write(journal, Arrays.copyOf(bytes, bytes.length - 5));
        List<Long> done = new ArrayList<>();
        HeadAblation again = sweep(AblationSweep.Method.SHARED, "torn", (images, total) -> done.add(images));
        assertThat(done).startsWith(6 * HEADS).endsWith(7 * HEADS).isSorted();
        // The last image now comes in a batch of its own, whose products may be summed in another order.
        assertClose(again.baseline(), whole.baseline());
    }

    @Test
    void aJournalOfAnotherModelIsStartedAnew() {
        sweep(AblationSweep.Method.SHARED, "other", ProgressListener.NONE);
        List<Long> done = new ArrayList<>();
        new AblationSweep(model, AblationSweep.Method.SHARED, 8)
                .run(selection(), directory.resolve("other"), "another model", (images, total) -> done.add(images));
        assertThat(done.get(0)).isZero();
    }

    @Test
    void lossesAreMeansOverImagesAndTargets() {
        HeadAblation ablation = sweep(AblationSweep.Method.SHARED, "losses", ProgressListener.NONE);
        HeadId head = new HeadId(1, 2);
        double perTarget = 0;
        for (Target target : Target.values()) {
            perTarget += ablation.ablatedLoss(head, target) / Target.COUNT;
        }
        assertThat(ablation.ablatedLoss(head)).isCloseTo(perTarget, within(1e-12));
        double increase = 100 * (ablation.ablatedLoss(head) / ablation.baselineLoss() - 1);
        assertThat(ablation.lossIncreasePercent(head)).isCloseTo(increase, within(1e-9));
    }

    private HeadAblation sweep(AblationSweep.Method method, String journal, ProgressListener progress) {
        return new AblationSweep(model, method, 8).run(selection(), directory.resolve(journal), "test model", progress);
    }

    private static Selection selection() {
        TargetScaling scaling = new TargetScaling(new double[] {20, 50, 50}, new double[] {10, 30, 30});
        return new Selection(
                new NoiseImages(), IntStream.range(0, IMAGES).toArray(), Preprocessing.TRAINING, scaling, 2);
    }

    private static void assertClose(float[][] actual, float[][] expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).containsExactly(expected[i], within(ROUNDING));
        }
    }

    /** Images of seeded noise. */
    private static final class NoiseImages implements ImageSet {
        @Override
        public int size() {
            return IMAGES;
        }

        @Override
        public String name(int index) {
            return "noise_" + index;
        }

        @Override
        public RgbImage image(int index) {
            byte[] rgb = new byte[3 * 30 * 30];
            new Random(index).nextBytes(rgb);
            return new RgbImage(30, 30, rgb);
        }

        @Override
        public Chirp label(int index) {
            return new Chirp(index, 5, 10 * index, 50, ChirpShape.LINEAR);
        }
    }
}

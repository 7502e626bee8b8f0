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
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chirplens.analysis.SweepSettings.Method;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.dataset.ImageSet;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.ProgressListener;
import org.chirplens.dataset.Selection;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.figure.RgbImage;
import org.chirplens.model.FloatArray;
import org.chirplens.model.HeadId;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.RandomWeights;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AblationSweepTest {
    private static final VitConfig VIT = new VitConfig(24, 8, 20, 3, 4, 28, 1e-12);
    private static final ModelConfig CONFIG = ModelConfig.fineTuned(VIT, LoraConfig.onQueryAndValue(VIT, 2, 4, 0));
    private static final int IMAGES = 7;
    private static final long HEADS = VIT.numLayers() * (long) VIT.numHeads();
    /** Two orders of the same float32 sums, values of order 1. */
    private static final float ROUNDING = 2e-5f;

    private static InferenceModel model;

    /** The same model on three devices that share the images. */
    private static InferenceModel shared;

    @TempDir
    private Path directory;

    @BeforeAll
    static void open() {
        model = new InferenceModel(CONFIG, RandomWeights.of(CONFIG, 7), new SessionOptions("cpu", 0));
        shared = new InferenceModel(CONFIG, RandomWeights.of(CONFIG, 7), new SessionOptions("cpu:0,1,2", 0));
    }

    @AfterAll
    static void close() {
        model.close();
        shared.close();
    }

    /** Among them the closed form of the zeroed weights against zeroed rows. */
    @ParameterizedTest
    @EnumSource
    void theSharedSweepGivesTheNumbersOfTheNaiveOne(Protocol protocol) {
        HeadAblation shared = sweep(protocol, Method.SHARED, "a", ProgressListener.NONE);
        HeadAblation naive = sweep(protocol, Method.NAIVE, "b", ProgressListener.NONE);
        assertThat(shared.protocol()).isEqualTo(protocol.key());
        assertClose(shared.baseline(), naive.baseline());
        for (HeadId head : naive.heads()) {
            assertClose(shared.predictions(head), naive.predictions(head));
            assertThat(shared.ablatedLoss(head)).isCloseTo(naive.ablatedLoss(head), within(1e-5));
            assertThat(naive.predictions(head)[IMAGES - 1]).isNotEqualTo(naive.baseline()[IMAGES - 1]);
        }
    }

    /** From 512 on, the first product behind a head is split into what heads have in common and what is of each. */
    @ParameterizedTest
    @ValueSource(ints = {20, 512})
    void withAdaptersOnEveryLayerTheSweepsAgreeToo(int hiddenSize) {
        VitConfig vit = new VitConfig(24, 8, hiddenSize, 3, 4, 28, 1e-12);
        LoraConfig everywhere = new LoraConfig(
                Parameters.linearModules(vit.numLayers()).stream()
                        .collect(Collectors.toMap(module -> module, module -> new LoraConfig.Adapter(3, 5, true))),
                0);
        ModelConfig config = ModelConfig.fineTuned(vit, everywhere);
        float[] pixels = RandomWeights.pixels(vit, IMAGES, 3);
        Map<String, FloatArray> weights = RandomWeights.of(config, 9);
        // Sums of more terms, as large: an attention that is all or nothing would magnify rounding.
        float scale = (float) Math.sqrt((double) VIT.hiddenSize() / hiddenSize);
        weights.forEach((name, array) -> {
            for (int i = 0; i < array.data().length && !name.contains("layernorm"); i++) {
                array.data()[i] *= scale;
            }
        });
        try (InferenceModel adapted = new InferenceModel(config, weights, SessionOptions.defaults())) {
            for (Protocol protocol : Protocol.values()) {
                float[][] labels = new float[IMAGES][3];
                HeadAblation shared = new AblationSweep(adapted, protocol, settings(Method.SHARED))
                        .run(pixels, labels)
                        .get(0);
                HeadAblation naive = new AblationSweep(adapted, protocol, settings(Method.NAIVE))
                        .run(pixels, labels)
                        .get(0);
                for (HeadId head : naive.heads()) {
                    assertClose(shared.predictions(head), naive.predictions(head));
                }
            }
        }
    }

    @Test
    void zeroingWeightsAdaptersAndBiasesIsMaskingTheHead() {
        HeadAblation zeroed = sweep(Protocol.ZERO_QKV_BASE_LORA_BIAS, Method.NAIVE, "zeroed", ProgressListener.NONE);
        HeadAblation masked = sweep(Protocol.HEAD_MASK, Method.NAIVE, "masked", ProgressListener.NONE);
        for (HeadId head : masked.heads()) {
            assertClose(zeroed.predictions(head), masked.predictions(head));
        }
    }

    @Test
    void theReleasedLoopStartsWithoutItsOwnZeroingAndAccumulatesAllOthers() {
        HeadAblation released = sweep(Protocol.RELEASED, Method.SHARED, "released", ProgressListener.NONE);
        HeadAblation rowOnly = sweep(Protocol.ROW_ONLY, Method.SHARED, "row_only", ProgressListener.NONE);
        HeadId first = new HeadId(0, 0);
        HeadId second = new HeadId(0, 1);
        int batch = settings(Method.SHARED).releasedBatch();
        // The first batch of a head is computed before that head's row is zeroed: as if nothing were for the first
        // head, and for the second as if the first head's row were.
        assertClose(Arrays.copyOf(released.predictions(first), batch), Arrays.copyOf(released.baseline(), batch));
        assertClose(
                Arrays.copyOf(released.predictions(second), batch), Arrays.copyOf(rowOnly.predictions(first), batch));
        // Later batches have it: the first head is then what row_only measures.
        assertClose(
                Arrays.copyOfRange(released.predictions(first), batch, IMAGES),
                Arrays.copyOfRange(rowOnly.predictions(first), batch, IMAGES));
        assertThat(released.predictions(second)[IMAGES - 1]).isNotEqualTo(rowOnly.predictions(second)[IMAGES - 1]);
        assertThat(released.lossBatch()).isEqualTo(batch);
    }

    @Test
    void afterASweepTheBaselineIsRecovered() {
        float[] pixels = RandomWeights.pixels(VIT, IMAGES, 4);
        float[][] before = model.predict(pixels, IMAGES);
        for (Protocol protocol : Protocol.values()) {
            new AblationSweep(model, protocol, settings(Method.NAIVE)).run(pixels, new float[IMAGES][3]);
        }
        assertThat(model.predict(pixels, IMAGES)).isDeepEqualTo(before);
    }

    @Test
    void resamplingDependsOnTheSeedAlone() {
        float[] pixels = RandomWeights.pixels(VIT, IMAGES, 5);
        SweepSettings seed1 = new SweepSettings(Method.SHARED, 8, 4, 1);
        SweepSettings seed2 = new SweepSettings(Method.SHARED, 8, 4, 2);
        float[][] once = new AblationSweep(model, Protocol.RESAMPLE, seed1)
                .run(pixels, new float[IMAGES][3])
                .get(0)
                .ablated();
        assertThat(new AblationSweep(model, Protocol.RESAMPLE, seed1)
                        .run(pixels, new float[IMAGES][3])
                        .get(0)
                        .ablated())
                .isDeepEqualTo(once);
        assertThat(new AblationSweep(model, Protocol.RESAMPLE, seed2)
                        .run(pixels, new float[IMAGES][3])
                        .get(0)
                        .ablated()[0])
                .isNotEqualTo(once[0]);
        assertThatThrownBy(() -> new AblationSweep(model, Protocol.RESAMPLE, seed1)
                        .run(RandomWeights.pixels(VIT, 1, 5), new float[1][3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 2 images are needed")
                .hasMessageContaining("found 1");
    }

    @Test
    void everyImageHasAnotherPartnerEachOnce() {
        for (long seed = 0; seed < 50; seed++) {
            int[] partners = Partners.of(9, "images", seed);
            for (int i = 0; i < partners.length; i++) {
                assertThat(partners[i]).as("seed %d", seed).isNotEqualTo(i);
            }
            assertThat(Arrays.stream(partners).sorted()).as("seed %d", seed).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
        }
    }

    @Test
    void aLossOfBatchMeansCountsAShortBatchAsMuchAsAFullOne() {
        float[][] labels = new float[3][3];
        float[][] predictions = {{1, 1, 1}, {1, 1, 1}, {3, 3, 3}};
        HeadAblation whole = HeadAblation.of("x", 1, 1, labels, predictions, new float[][][] {predictions}, 0);
        assertThat(whole.baselineLoss()).isCloseTo(11.0 / 3, within(1e-12));
        assertThat(whole.withLossBatch(2).baselineLoss()).isCloseTo((1 + 9) / 2.0, within(1e-12));
    }

    @Test
    void aStoppedSweepGoesOnWhereItWas() {
        HeadAblation whole = sweep(Method.SHARED, "whole", ProgressListener.NONE);
        ProgressListener interrupt = (done, total) -> {
            if (done >= 4 * HEADS) {
                throw new IllegalStateException("stopped by the test");
            }
        };
        assertThatThrownBy(() -> sweep(Method.SHARED, "stopped", interrupt)).hasMessage("stopped by the test");
        List<Long> done = new ArrayList<>();
        HeadAblation resumed = sweep(Method.SHARED, "stopped", (images, total) -> done.add(images));
        assertThat(done.get(0)).isEqualTo(4 * HEADS);
        assertThat(resumed.ablated()).isDeepEqualTo(whole.ablated());
    }

    /** The protocols' batches have four sizes here: some share the pass without ablation, and one reads partners. */
    @Test
    void protocolsMeasuredTogetherGiveTheNumbersThatEachGivesAlone() {
        float[] pixels = RandomWeights.pixels(VIT, IMAGES, 6);
        float[][] labels = new float[IMAGES][3];
        List<Protocol> all = List.of(Protocol.values());
        List<HeadAblation> together = new AblationSweep(model, all, settings(Method.SHARED)).run(pixels, labels);
        for (int i = 0; i < all.size(); i++) {
            HeadAblation alone = new AblationSweep(model, all.get(i), settings(Method.SHARED))
                    .run(pixels, labels)
                    .get(0);
            assertThat(together.get(i).protocol()).isEqualTo(all.get(i).key());
            for (HeadId head : alone.heads()) {
                assertClose(together.get(i).predictions(head), alone.predictions(head));
            }
        }
    }

    @Test
    void protocolsThatWereStoppedAtDifferentImagesGoOnTogether() {
        List<Protocol> three = List.of(Protocol.MEAN, Protocol.RESAMPLE, Protocol.HEAD_MASK);
        List<HeadAblation> whole = sweep(three, "whole", ProgressListener.NONE);
        assertThatThrownBy(() -> sweep(three.subList(1, 2), "stopped", stopAfter(2)))
                .hasMessage("stopped by the test");
        assertThatThrownBy(() -> sweep(three.subList(2, 3), "stopped", stopAfter(4)))
                .hasMessage("stopped by the test");
        List<HeadAblation> resumed = sweep(three, "stopped", ProgressListener.NONE);
        for (int i = 0; i < three.size(); i++) {
            for (HeadId head : whole.get(i).heads()) {
                assertClose(resumed.get(i).predictions(head), whole.get(i).predictions(head));
            }
        }
    }

    /** Batches of 2 and 1 images are under way at once here, and kept one after the other. */
    @ParameterizedTest
    @EnumSource
    void devicesThatShareTheImagesGiveTheSameNumbers(Protocol protocol) {
        HeadAblation alone = sweep(protocol, Method.SHARED, "one", ProgressListener.NONE);
        List<Long> done = new ArrayList<>();
        HeadAblation three = new AblationSweep(shared, protocol, settings(Method.SHARED))
                .run(selection(), of -> directory.resolve("three"), "test model", (triples, total) -> done.add(triples))
                .get(0);
        assertThat(three.baseline()).isDeepEqualTo(alone.baseline());
        assertThat(three.ablated()).isDeepEqualTo(alone.ablated());
        assertThat(done).isSorted();
        assertThat(directory.resolve("three")).hasSameBinaryContentAs(directory.resolve("one"));
    }

    @Test
    void devicesThatShareTheImagesGoOnWhereTheyWere() {
        List<Protocol> three = List.of(Protocol.MEAN, Protocol.RESAMPLE, Protocol.HEAD_MASK);
        List<HeadAblation> whole = sweep(three, "whole", ProgressListener.NONE);
        for (int images : new int[] {2, 4}) {
            assertThatThrownBy(() -> sweep(shared, three, "stopped", stopAfter(3 * images)))
                    .hasMessage("stopped by the test");
        }
        List<HeadAblation> resumed = sweep(shared, three, "stopped", ProgressListener.NONE);
        for (int i = 0; i < three.size(); i++) {
            assertThat(resumed.get(i).ablated()).isDeepEqualTo(whole.get(i).ablated());
        }
    }

    private static ProgressListener stopAfter(int images) {
        return (done, total) -> {
            if (done >= images * HEADS) {
                throw new IllegalStateException("stopped by the test");
            }
        };
    }

    private List<HeadAblation> sweep(List<Protocol> protocols, String name, ProgressListener progress) {
        return sweep(model, protocols, name, progress);
    }

    private List<HeadAblation> sweep(
            InferenceModel with, List<Protocol> protocols, String name, ProgressListener progress) {
        return new AblationSweep(with, protocols, settings(Method.SHARED))
                .run(selection(), of -> directory.resolve(name + "_" + of.key()), "test model", progress);
    }

    @Test
    void noiseHasTheNormOfTheContextItStandsForAndDependsOnSeedAndImageAlone() {
        float[] values = new float[2 * 3 * 4 * 5];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i);
        }
        FloatArray contexts = new FloatArray(new int[] {2, 3, 4, 5}, values);
        float[] noise = ControlContexts.noise(1).replacement(6, 2, contexts).data();
        for (int at = 0; at < values.length; at += 5) {
            assertThat(norm(noise, at)).isCloseTo(norm(values, at), within(1e-5));
        }
        assertThat(noise[0]).isNotEqualTo(values[0]);
        FloatArray second = new FloatArray(new int[] {1, 3, 4, 5}, Arrays.copyOfRange(values, 60, 120));
        assertThat(ControlContexts.noise(1).replacement(7, 2, second).data())
                .containsExactly(Arrays.copyOfRange(noise, 60, 120));
        assertThat(ControlContexts.noise(2).replacement(6, 2, contexts).data()).isNotEqualTo(noise);
        assertThat(ControlContexts.noise(1).replacement(6, 1, contexts).data()).isNotEqualTo(noise);
    }

    private static double norm(float[] values, int at) {
        double squares = 0;
        for (int i = at; i < at + 5; i++) {
            squares += values[i] * (double) values[i];
        }
        return Math.sqrt(squares);
    }

    @Test
    void aHalfWrittenRecordIsComputedAgain() throws IOException {
        HeadAblation whole = sweep(Method.SHARED, "torn", ProgressListener.NONE);
        Path journal = directory.resolve("torn");
        byte[] bytes = Files.readAllBytes(journal);
        Files.write(journal, Arrays.copyOf(bytes, bytes.length - 5));
        List<Long> done = new ArrayList<>();
        HeadAblation again = sweep(Method.SHARED, "torn", (images, total) -> done.add(images));
        assertThat(done).startsWith(6 * HEADS).endsWith(7 * HEADS).isSorted();
        // The last image now comes in a batch of its own, whose products may be summed in another order.
        assertClose(again.baseline(), whole.baseline());
    }

    @Test
    void aJournalOfAnotherModelIsStartedAnew() {
        sweep(Method.SHARED, "other", ProgressListener.NONE);
        List<Long> done = new ArrayList<>();
        new AblationSweep(model, Protocol.HEAD_MASK, settings(Method.SHARED))
                .run(
                        selection(),
                        of -> directory.resolve("other"),
                        "another model",
                        (images, total) -> done.add(images));
        assertThat(done.get(0)).isZero();
    }

    @Test
    void aJournalOfAnotherProtocolIsStartedAnew() {
        sweep(Protocol.MEAN, Method.SHARED, "protocols", ProgressListener.NONE);
        List<Long> done = new ArrayList<>();
        sweep(Protocol.RESAMPLE, Method.SHARED, "protocols", (images, total) -> done.add(images));
        assertThat(done.get(0)).isZero();
    }

    @Test
    void lossesAreMeansOverImagesAndTargets() {
        HeadAblation ablation = sweep(Method.SHARED, "losses", ProgressListener.NONE);
        HeadId head = new HeadId(1, 2);
        double perTarget = 0;
        for (int target = 0; target < 3; target++) {
            perTarget += ablation.ablatedLoss(head, target) / 3;
        }
        assertThat(ablation.ablatedLoss(head)).isCloseTo(perTarget, within(1e-12));
        double increase = 100 * (ablation.ablatedLoss(head) / ablation.baselineLoss() - 1);
        assertThat(ablation.lossIncreasePercent(head)).isCloseTo(increase, within(1e-9));
    }

    private HeadAblation sweep(Method method, String journal, ProgressListener progress) {
        return sweep(Protocol.HEAD_MASK, method, journal, progress);
    }

    private HeadAblation sweep(Protocol protocol, Method method, String journal, ProgressListener progress) {
        return new AblationSweep(model, protocol, settings(method))
                .run(selection(), of -> directory.resolve(journal), "test model", progress)
                .get(0);
    }

    private static SweepSettings settings(Method method) {
        return new SweepSettings(method, 8, 4, 42);
    }

    private static Selection selection() {
        TargetScaling scaling = TargetScaling.released(new double[] {20, 50, 50}, new double[] {10, 30, 30});
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
        public Chirp chirp(int index) {
            return new Chirp(index, 5, 10 * index, 50, ChirpShape.LINEAR);
        }
    }
}

package org.chirplens.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.chirplens.analysis.SweepSettings.Method;
import org.chirplens.model.Fetches;
import org.chirplens.model.FloatArray;
import org.chirplens.model.HeadId;
import org.chirplens.model.HeadMaskGradients;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.RandomWeights;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.statistics.Estimate;
import org.chirplens.statistics.Interval;
import org.junit.jupiter.api.Test;
import org.tensorflow.Result;
import org.tensorflow.types.TFloat32;

/** Every analysis gives the right verdict on models whose heads' roles are known, because all other heads write nothing. */
class KnownHeadsTest {
    private static final VitConfig VIT = new VitConfig(24, 8, 20, 3, 4, 28, 1e-12);
    private static final ModelConfig CONFIG = ModelConfig.fineTuned(VIT, LoraConfig.onQueryAndValue(VIT, 2, 4, 0));
    private static final SweepSettings SETTINGS = new SweepSettings(Method.SHARED, 8, 4, 42);
    private static final int IMAGES = 5;
    private static final HeadId ONE = new HeadId(1, 2);

    /** float32 noise of predictions of order 1. */
    private static final float ROUNDING = 2e-5f;

    private final float[] pixels = RandomWeights.pixels(VIT, IMAGES, 3);

    @Test
    void theOnlyHeadThatWritesIsTheOnlyOneThatMatters() {
        try (InferenceModel model = model(onlyWriting(Set.of(ONE)))) {
            HeadAblation total = new AblationSweep(model, Protocol.HEAD_MASK, SETTINGS)
                    .run(pixels, labels())
                    .get(0);
            for (HeadId head : total.heads()) {
                float change = largestDifference(total.predictions(head), total.baseline());
                assertThat(change > 0.01f)
                        .as("%s changes predictions by %s", head, change)
                        .isEqualTo(head.equals(ONE));
                assertThat(change < ROUNDING)
                        .as("%s changes predictions by %s", head, change)
                        .isNotEqualTo(head.equals(ONE));
            }
        }
    }

    /** No later layer writes anything, so there is no other path. */
    @Test
    void whereNoLaterLayerWritesTheDirectEffectIsTheTotalOne() {
        try (InferenceModel model = model(onlyWriting(Set.of(ONE)))) {
            HeadAblation total = new AblationSweep(model, Protocol.MEAN_PER_POSITION, SETTINGS)
                    .run(pixels, labels())
                    .get(0);
            DirectEffects.Effects effects =
                    new DirectEffects(model, Protocol.MEAN_PER_POSITION, SETTINGS).run(pixels, labels());
            assertThat(effects.direct().protocol()).isEqualTo("mean_per_position_direct");
            assertThat(effects.frozen().protocol()).isEqualTo("mean_per_position_direct_frozen");
            assertThat(largestDifference(effects.direct().baseline(), total.baseline()))
                    .isLessThan(ROUNDING);
            for (HeadId head : total.heads()) {
                assertThat(largestDifference(effects.direct().predictions(head), total.predictions(head)))
                        .as("%s", head)
                        .isLessThan(ROUNDING);
            }
            assertThat(largestDifference(effects.frozen().predictions(ONE), total.predictions(ONE)))
                    .isGreaterThan(ROUNDING);
        }
    }

    @Test
    void whatLaterLayersMakeOfAHeadIsNoDirectEffect() {
        try (InferenceModel model = model(RandomWeights.of(CONFIG, 7))) {
            HeadAblation total = new AblationSweep(model, Protocol.HEAD_MASK, SETTINGS)
                    .run(pixels, labels())
                    .get(0);
            HeadAblation direct = new DirectEffects(model, Protocol.HEAD_MASK, SETTINGS)
                    .run(pixels, labels())
                    .direct();
            for (HeadId head : total.heads()) {
                assertThat(largestDifference(direct.predictions(head), total.predictions(head)))
                        .as("%s", head)
                        .isGreaterThan(1e-3f);
            }
        }
    }

    /** Central differences of float32 losses of order 5; the step is small because the regression head has kinks. */
    @Test
    void screeningGivesTheSlopeOfTheLossInTheHeadMask() {
        Map<String, FloatArray> weights = RandomWeights.of(CONFIG, 7);
        float[][] labels = labels();
        try (InferenceModel model = model(weights);
                HeadMaskGradients gradients = new HeadMaskGradients(CONFIG, weights, SessionOptions.defaults())) {
            GradientScreening.Screening screening =
                    new GradientScreening(model, gradients, Protocol.HEAD_MASK, SETTINGS).run(pixels, labels);
            double[] estimates = screening.lossIncreases();
            double[] magnitudes = screening.magnitudes();
            for (HeadId head : screening.heads()) {
                double slope = (loss(model, head, 1.002f) - loss(model, head, 0.998f)) / 0.004;
                assertThat(estimates[place(head)]).as("%s", head).isCloseTo(-slope, within(3e-3));
                assertThat(magnitudes[place(head)]).isGreaterThanOrEqualTo(Math.abs(estimates[place(head)]) - 1e-12);
            }
        }
    }

    @Test
    void screeningOfAReplacementScreensTheWayToIt() {
        Map<String, FloatArray> weights = onlyWriting(Set.of(ONE));
        try (InferenceModel model = model(weights);
                HeadMaskGradients gradients = new HeadMaskGradients(CONFIG, weights, SessionOptions.defaults())) {
            // The other head's context is another one than zero, so the slope towards it is another one.
            double[] toZero = new GradientScreening(model, gradients, Protocol.HEAD_MASK, SETTINGS)
                    .run(pixels, labels())
                    .lossIncreases();
            double[] toOther = new GradientScreening(model, gradients, Protocol.OTHER_HEAD, SETTINGS)
                    .run(pixels, labels())
                    .lossIncreases();
            assertThat(toOther[place(ONE)]).isNotCloseTo(toZero[place(ONE)], within(1e-3));
        }
    }

    /** The mean loss with a head's mask at m. */
    private double loss(InferenceModel model, HeadId head, float m) {
        FloatArray mask = FloatArray.zeros(1, VIT.numLayers(), VIT.numHeads());
        Arrays.fill(mask.data(), 1);
        mask.data()[place(head)] = m;
        float[][] labels = labels();
        double sum = 0;
        try (TFloat32 input = model.pixels(pixels, IMAGES);
                TFloat32 fed = InferenceModel.tensor(mask);
                Result result = model.run(
                        Map.of(Fetches.PIXELS, input, Fetches.HEAD_MASK, fed), List.of(Fetches.PREDICTIONS))) {
            float[][] predictions = InferenceModel.rows((TFloat32) result.get(0));
            for (int i = 0; i < IMAGES; i++) {
                for (int t = 0; t < 3; t++) {
                    double error = (double) predictions[i][t] - labels[i][t];
                    sum += error * error / 3 / IMAGES;
                }
            }
        }
        return sum;
    }

    @Test
    void screeningFindsTheOnlyHeadThatWrites() {
        Map<String, FloatArray> weights = onlyWriting(Set.of(ONE));
        try (InferenceModel model = model(weights);
                HeadMaskGradients gradients = new HeadMaskGradients(CONFIG, weights, SessionOptions.defaults())) {
            double[] magnitudes = new GradientScreening(model, gradients, Protocol.HEAD_MASK, SETTINGS)
                    .run(pixels, labels())
                    .magnitudes();
            for (int head = 0; head < magnitudes.length; head++) {
                assertThat(magnitudes[head] > 0).isEqualTo(head == place(ONE));
            }
        }
    }

    @Test
    void theLensReadsWhatTheStreamHoldsAfterEachLayer() {
        try (InferenceModel model = model(onlyWriting(Set.of(ONE)))) {
            RegressionLens.Readings readings = new RegressionLens(model).run(pixels, labels(), 2);
            float[][][] predictions = readings.predictions();
            assertThat(predictions).hasDimensions(VIT.numLayers() + 1, IMAGES);
            // Before the head's layer the CLS token has seen no image; after it nothing is added.
            for (int layers = 0; layers <= ONE.layer(); layers++) {
                for (float[] ofImage : predictions[layers]) {
                    assertThat(ofImage).containsExactly(predictions[0][0], within(ROUNDING));
                }
            }
            float[][] own = model.predict(pixels, IMAGES);
            for (int layers = ONE.layer() + 1; layers < predictions.length; layers++) {
                assertThat(largestDifference(predictions[layers], own)).isLessThan(ROUNDING);
                assertThat(readings.distanceToFinal(layers, 0)).isLessThan(ROUNDING);
            }
            assertThat(readings.rmse(VIT.numLayers(), 1)).isPositive();
        }
    }

    @Test
    void patchingShowsWhichHeadAndLayerCarryTheDifferenceOfTwoImages() {
        float[] others = RandomWeights.pixels(VIT, IMAGES, 4);
        try (InferenceModel model = model(onlyWriting(Set.of(ONE)))) {
            ActivationPatching.Outcome outcome = new ActivationPatching(model, SETTINGS).run(pixels, others, IMAGES);
            for (ActivationPatching.Direction direction : List.of(outcome.noising(), outcome.denoising())) {
                for (int target = 0; target < 3; target++) {
                    assertThat(direction.meanWay(target)).isGreaterThan(0.01);
                    List<Estimate> heads = direction.carriedByHeads(target, Bootstrap.STANDARD);
                    for (int head = 0; head < heads.size(); head++) {
                        isSurely(head == place(ONE) ? 1 : 0, heads.get(head));
                    }
                    List<Estimate> layers = direction.carriedByLayers(target, Bootstrap.STANDARD);
                    for (int layer = 0; layer < layers.size(); layer++) {
                        isSurely(layer == ONE.layer() ? 1 : 0, layers.get(layer));
                    }
                }
            }
            assertThat(outcome.noising().donor())
                    .isDeepEqualTo(outcome.denoising().base());
        }
    }

    @Test
    void equalImagesHaveNoWayToBeCarried() {
        try (InferenceModel model = model(onlyWriting(Set.of(ONE)))) {
            ActivationPatching.Direction noising = new ActivationPatching(model, SETTINGS)
                    .run(pixels, pixels, IMAGES)
                    .noising();
            assertThat(noising.meanWay(0)).isZero();
            assertThat(noising.carriedByHeads(0, Bootstrap.STANDARD)).allSatisfy(carried -> {
                assertThat(carried.value()).isNaN();
                assertThat(carried.bca()).isEqualTo(Interval.UNDEFINED);
            });
        }
    }

    /** The same share in every resample: what is true of all pairs has a narrow interval. */
    private static void isSurely(double share, Estimate carried) {
        assertThat(carried.value()).isCloseTo(share, within(1e-3));
        assertThat(carried.percentile().low()).isCloseTo(share, within(1e-3));
        assertThat(carried.percentile().high()).isCloseTo(share, within(1e-3));
    }

    @Test
    void setsOfOneHeadGiveWhatTheSweepGives() {
        try (InferenceModel model = model(RandomWeights.of(CONFIG, 7))) {
            for (Protocol protocol : List.of(Protocol.HEAD_MASK, Protocol.MEAN_PER_POSITION, Protocol.NOISE)) {
                HeadAblation single = new AblationSweep(model, protocol, SETTINGS)
                        .run(pixels, labels())
                        .get(0);
                List<Set<HeadId>> sets = single.heads().stream().map(Set::of).toList();
                JointAblation.Outcome joint = new JointAblation(model, protocol, SETTINGS).run(pixels, labels(), sets);
                assertThat(largestDifference(joint.baseline(), single.baseline()))
                        .isLessThan(ROUNDING);
                for (int i = 0; i < sets.size(); i++) {
                    HeadId head = single.heads().get(i);
                    assertThat(largestDifference(joint.ablated()[i], single.predictions(head)))
                            .as("%s of %s", protocol, head)
                            .isLessThan(ROUNDING);
                    assertThat(Arrays.stream(joint.lossIncreases(i)).average().orElseThrow())
                            .isCloseTo(single.ablatedLoss(head) - single.baselineLoss(), within(1e-4));
                }
            }
        }
    }

    @Test
    void anEmptySetChangesNothing() {
        try (InferenceModel model = model(RandomWeights.of(CONFIG, 7))) {
            JointAblation.Outcome outcome =
                    new JointAblation(model, Protocol.HEAD_MASK, SETTINGS).run(pixels, labels(), List.of(Set.of()));
            assertThat(outcome.ablated()[0]).isDeepEqualTo(outcome.baseline());
            assertThat(outcome.lossIncreases(0)).containsOnly(0);
        }
    }

    /**
     * Two heads write the same long vector. LayerNorm takes away its length, so that one of them is as good as both: each alone
     * seems not to matter, and the direct effect under a held LayerNorm is what the other one makes up for.
     */
    @Test
    void twoHeadsThatBackEachOtherUpMatterTogether() {
        HeadId twin = new HeadId(ONE.layer(), ONE.head() + 1);
        ModelConfig config = new ModelConfig(VIT, null, 3);
        Map<String, FloatArray> weights = onlyWriting(config, Set.of(ONE));
        copyHead(weights, ONE, twin);
        scale(weights, Parameters.attentionOutput(ONE.layer()) + ".weight", 100);
        try (InferenceModel model = new InferenceModel(config, weights, SessionOptions.defaults())) {
            float[][] ownPredictions = model.predict(pixels, IMAGES);
            List<Set<HeadId>> sets = List.of(Set.of(ONE), Set.of(twin), Set.of(ONE, twin));
            JointAblation.Outcome outcome =
                    new JointAblation(model, Protocol.HEAD_MASK, SETTINGS).run(pixels, ownPredictions, sets);
            double alone = mean(outcome.lossIncreases(0)) + mean(outcome.lossIncreases(1));
            assertThat(mean(outcome.lossIncreases(2))).isGreaterThan(100 * alone);

            DirectEffects.Effects effects =
                    new DirectEffects(model, Protocol.HEAD_MASK, SETTINGS).run(pixels, ownPredictions);
            assertThat(effects.frozen().ablatedLoss(ONE))
                    .isGreaterThan(100 * effects.direct().ablatedLoss(ONE));
        }
    }

    @Test
    void protocolsWithoutAReplacementOfTheirOwnAreRefused() {
        try (InferenceModel model = model(RandomWeights.of(CONFIG, 7))) {
            for (Protocol protocol :
                    List.of(Protocol.RELEASED, Protocol.ROW_ONLY, Protocol.RESAMPLE, Protocol.ZERO_QKV_BASE)) {
                assertThatThrownBy(() -> new JointAblation(model, protocol, SETTINGS)
                                .run(pixels, labels(), List.of(Set.of(ONE))))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(protocol.key() + " replaces no context by what one pass");
            }
            assertThatThrownBy(() -> new DirectEffects(model, Protocol.RESAMPLE, SETTINGS).run(pixels, labels()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("choose mean_per_position or another protocol here");
        }
    }

    private static InferenceModel model(Map<String, FloatArray> weights) {
        return new InferenceModel(CONFIG, weights, SessionOptions.defaults());
    }

    private static float[][] labels() {
        float[][] labels = new float[IMAGES][3];
        for (int i = 0; i < IMAGES; i++) {
            labels[i] = new float[] {i - 2, 0.5f * i, 1};
        }
        return labels;
    }

    private static Map<String, FloatArray> onlyWriting(Set<HeadId> heads) {
        return onlyWriting(CONFIG, heads);
    }

    /** Random weights in which MLPs write nothing, and of all heads these alone do. */
    private static Map<String, FloatArray> onlyWriting(ModelConfig config, Set<HeadId> heads) {
        Map<String, FloatArray> weights = RandomWeights.of(config, 7);
        for (int layer = 0; layer < VIT.numLayers(); layer++) {
            scale(weights, Parameters.mlpOutput(layer) + ".weight", 0);
            scale(weights, Parameters.mlpOutput(layer) + ".bias", 0);
            scale(weights, Parameters.attentionOutput(layer) + ".bias", 0);
            float[] output = array(weights, Parameters.attentionOutput(layer) + ".weight");
            for (int i = 0; i < output.length; i++) {
                int head = i % VIT.hiddenSize() / VIT.headSize();
                if (!heads.contains(new HeadId(layer, head))) {
                    output[i] = 0;
                }
            }
        }
        return weights;
    }

    /** Gives a head the query, key and value rows and the output columns of another one of its layer. */
    private static void copyHead(Map<String, FloatArray> weights, HeadId from, HeadId to) {
        int d = VIT.headSize();
        for (String which : List.of("query", "key", "value")) {
            String module = Parameters.projection(from.layer(), which);
            for (String part : List.of(".weight", ".bias")) {
                float[] data = array(weights, module + part);
                int row = part.equals(".bias") ? 1 : VIT.hiddenSize();
                System.arraycopy(data, from.head() * d * row, data, to.head() * d * row, d * row);
            }
        }
        float[] output = array(weights, Parameters.attentionOutput(from.layer()) + ".weight");
        for (int row = 0; row < VIT.hiddenSize(); row++) {
            int start = row * VIT.hiddenSize();
            System.arraycopy(output, start + from.head() * d, output, start + to.head() * d, d);
        }
    }

    private static void scale(Map<String, FloatArray> weights, String name, float factor) {
        float[] data = array(weights, name);
        for (int i = 0; i < data.length; i++) {
            data[i] *= factor;
        }
    }

    private static float[] array(Map<String, FloatArray> weights, String name) {
        return Objects.requireNonNull(weights.get(name), name).data();
    }

    private static int place(HeadId head) {
        return head.layer() * VIT.numHeads() + head.head();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static float largestDifference(float[][] a, float[][] b) {
        float largest = 0;
        for (int i = 0; i < a.length; i++) {
            for (int t = 0; t < a[i].length; t++) {
                largest = Math.max(largest, Math.abs(a[i][t] - b[i][t]));
            }
        }
        return largest;
    }
}

package org.chirplens.analysis;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.chirplens.analysis.LayerEffects.DepthContrast;
import org.chirplens.model.HeadId;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.statistics.Estimate;
import org.chirplens.statistics.Interval;
import org.chirplens.statistics.MultipleTesting;
import org.chirplens.statistics.MultipleTesting.PValue;
import org.chirplens.statistics.SampleSize;
import org.junit.jupiter.api.Test;

/** Effects that were put in are found, and none are found where there are none. */
class HeadStatisticsTest {
    private static final Bootstrap FAST = new Bootstrap(400, 1);
    private static final Estimate NOTHING = new Estimate(0, new Interval(0, 0), new Interval(0, 0));
    private static final PValue CERTAINLY_NOT = new PValue(1, 1, 1);

    /** Head 1 of layer 0 alone adds an error to target 2; head 0 does nothing; the others replace an error by another. */
    private static HeadAblation oneHeadCarriesTarget2(int images) {
        return SyntheticAblation.of(2, 2, images, 3, 6, (random, head, target, error) -> {
            double other = 0.5 * random.nextGaussian();
            return switch (head) {
                case 0 -> error;
                case 1 -> target == 2 ? error + 0.2 + 0.5 * random.nextGaussian() : error;
                default -> other;
            };
        });
    }

    @Test
    void aHeadThatDoesNothingHasNoEffectAndAPValueOfOne() {
        HeadEffect effect =
                HeadStatistics.of(oneHeadCarriesTarget2(60), FAST, 2).effect(new HeadId(0, 0), 1);
        assertThat(effect.lossIncrease()).isEqualTo(NOTHING);
        assertThat(effect.lossIncreasePercent()).isEqualTo(NOTHING);
        assertThat(effect.meanShift()).isEqualTo(NOTHING);
        assertThat(effect.meanAbsoluteShift()).isEqualTo(NOTHING);
        assertThat(effect.wasserstein()).isZero();
        assertThat(effect.signFlip()).isEqualTo(CERTAINLY_NOT);
        assertThat(effect.wilcoxon()).isEqualTo(CERTAINLY_NOT);
        assertThat(effect.rankBiserial()).isZero();
        assertThat(effect.imagesNeeded()).isInfinite();
        assertThat(effect.loss().bca().isDefined()).isTrue();
    }

    @Test
    void aHeadThatCarriesATargetIsSignificantForThatTargetOnly() {
        HeadStatistics statistics = HeadStatistics.of(oneHeadCarriesTarget2(200), FAST, 2);
        HeadId carrier = new HeadId(0, 1);
        HeadEffect carried = statistics.effect(carrier, 2);
        assertThat(carried.signFlip().holm()).isLessThan(1e-4);
        assertThat(carried.wilcoxon().holm()).isLessThan(1e-2);
        assertThat(carried.lossIncreasePercent().bca().low()).isPositive();
        // 0.2 put in, with a standard error of 0.5 / √200 = 0.035.
        assertThat(carried.meanShift().value()).isCloseTo(0.2, within(0.14));
        assertThat(carried.meanShift().bca().contains(0.2)).isTrue();
        // 0.2² + 0.5² put in; the standard error of the mean of 200 is 0.04.
        assertThat(carried.lossIncrease().value()).isCloseTo(0.29, within(0.16));
        for (HeadId head : statistics.ablation().heads()) {
            for (int target = 0; target < 3; target++) {
                if (!head.equals(carrier) || target != 2) {
                    assertThat(statistics.effect(head, target).signFlip().holm())
                            .as("%s, target %d", head, target)
                            .isGreaterThan(0.05);
                }
            }
        }
        assertThat(statistics.effect(carrier).signFlip().holm()).isLessThan(1e-4);
    }

    @Test
    void estimatesAreTheLossesOfTheAblationAlsoWhereTheyAreMeansOfBatches() {
        HeadAblation images = oneHeadCarriesTarget2(50);
        for (HeadAblation ablation : List.of(images, images.withLossBatch(16))) {
            HeadStatistics statistics = HeadStatistics.of(ablation, FAST, 2);
            for (HeadId head : ablation.heads()) {
                HeadEffect effect = statistics.effect(head);
                // Sums of 150 squares in another order.
                assertThat(effect.loss().value()).isCloseTo(ablation.ablatedLoss(head), within(1e-12));
                assertThat(effect.lossIncreasePercent().value())
                        .isCloseTo(ablation.lossIncreasePercent(head), within(1e-9));
                assertThat(statistics.effect(head, 2).loss().value())
                        .isCloseTo(ablation.ablatedLoss(head, 2), within(1e-12));
                assertThat(effect.lossIncreasePercent().bca().contains(ablation.lossIncreasePercent(head)))
                        .isTrue();
            }
        }
    }

    @Test
    void theDistanceOfDistributionsLiesBetweenMeanShiftAndMeanAbsoluteShift() {
        HeadStatistics statistics = HeadStatistics.of(oneHeadCarriesTarget2(80), FAST, 2);
        for (List<HeadEffect> effects : statistics.byTarget()) {
            for (HeadEffect effect : effects) {
                assertThat(effect.wasserstein())
                        .isBetween(
                                Math.abs(effect.meanShift().value()) - 1e-12,
                                effect.meanAbsoluteShift().value() + 1e-12);
            }
        }
        HeadEffect pooled = statistics.pooled().get(1);
        assertThat(pooled.wasserstein())
                .isCloseTo(statistics.effect(pooled.head(), 2).wasserstein() / 3, within(1e-12));
        assertThat(pooled.meanShift().value()).isNaN();
    }

    @Test
    void physicalUnitsScaleErrorsBySquaresAndShiftsByTheUnit() {
        HeadEffect effect =
                HeadStatistics.of(oneHeadCarriesTarget2(40), FAST, 2).effect(new HeadId(0, 1), 2);
        HeadEffect seconds = effect.inUnitOf(13);
        assertThat(seconds.loss()).isEqualTo(effect.loss().scaled(169));
        assertThat(seconds.meanShift().bca().high())
                .isEqualTo(13 * effect.meanShift().bca().high());
        assertThat(seconds.lossIncreasePercent()).isEqualTo(effect.lossIncreasePercent());
        assertThat(seconds.wasserstein()).isEqualTo(13 * effect.wasserstein());
        assertThat(seconds.signFlip()).isEqualTo(effect.signFlip());
    }

    /** The variance added by a head of the six layers is 0.1 in the first three and 0.3 in the last: a ratio of three. */
    @Test
    void deepLayersThatMatterThreeTimesAsMuchAreSeenToDoSo() {
        HeadAblation ablation = SyntheticAblation.of(
                6,
                2,
                400,
                2,
                3,
                (random, head, target, error) -> error + Math.sqrt(head < 6 ? 0.1 : 0.3) * random.nextGaussian());
        LayerEffects layers = HeadStatistics.of(ablation, FAST, 2, 3, 7).pooledLayers();
        assertThat(layers.layers()).hasSize(6);
        assertThat(layers.contrasts()).extracting(DepthContrast::parts).containsExactly(2, 3);
        DepthContrast halves = layers.contrasts().get(0);
        assertThat(halves.size()).isEqualTo(3);
        assertThat(halves.ratio().bca().contains(3)).as(halves.toString()).isTrue();
        assertThat(halves.ratio().bca().low()).isGreaterThan(1);
        // 0.1 / 0.25 and 0.3 / 0.25 of the loss, in percent.
        assertThat(halves.early().bca().contains(40)).as(halves.toString()).isTrue();
        assertThat(halves.deep().bca().contains(120)).as(halves.toString()).isTrue();
        double mean = IntStream.range(0, 4)
                .mapToDouble(head -> ablation.lossIncreasesPercent()[head])
                .average()
                .orElseThrow();
        assertThat(layers.contrasts().get(1).early().value()).isCloseTo(mean, within(1e-9));
    }

    @Test
    void aRatioToLayersThatDoNothingHasNoInterval() {
        HeadAblation ablation =
                SyntheticAblation.of(2, 1, 30, 1, 3, (random, head, target, error) -> head == 0 ? error : error + 1);
        DepthContrast contrast =
                HeadStatistics.of(ablation, FAST, 2).pooledLayers().contrasts().get(0);
        assertThat(contrast.early()).isEqualTo(NOTHING);
        assertThat(contrast.deep().bca().isDefined()).isTrue();
        assertThat(contrast.ratio().bca()).isEqualTo(Interval.UNDEFINED);
    }

    /**
     * 400 models whose heads do nothing but exchange errors for others as large. Holm's procedure lets at most 5 % of them
     * have any significant head; the standard error of that share is 1.1 points, and four are allowed. Raw tests reject at
     * 5 %: of the 8 heads and 2 targets of a model the tests share the whole model's errors, so the models, not the tests,
     * are counted as independent, 1.1 points again.
     */
    @Test
    void withoutEffectsAFamilyOfTestsIsRarelyWrong() {
        int models = 400;
        int anyPooled = 0;
        int anyOfTargets = 0;
        double raw = 0;
        for (int model = 0; model < models; model++) {
            HeadAblation ablation = SyntheticAblation.of(
                    2, 4, 40, 2, model, (random, head, target, error) -> 0.5 * random.nextGaussian());
            EffectEstimates estimates = new EffectEstimates(ablation, new Bootstrap(100, 1));
            double[] pooled = estimates.tests(EffectEstimates.POOLED).signFlip();
            double[] all = estimates.tests(0, 1).signFlip();
            anyPooled += rejected(MultipleTesting.holm(pooled)) > 0 ? 1 : 0;
            anyOfTargets += rejected(MultipleTesting.holm(all)) > 0 ? 1 : 0;
            raw += rejected(all) / (double) all.length;
        }
        assertThat(anyPooled / (double) models).isLessThan(0.05 + 4 * 0.011);
        assertThat(anyOfTargets / (double) models).isLessThan(0.05 + 4 * 0.011);
        assertThat(raw / models).isCloseTo(0.05, within(4 * 0.011));
    }

    private static long rejected(double[] pValues) {
        return DoubleStream.of(pValues).filter(p -> p <= 0.05).count();
    }

    /**
     * Coverage of the increase in percent of a head that adds variance 0.1 to 0.25: 40 %. Of 300 models with 100 images,
     * standard error 1.3 points; four, and two points that a ratio's skewness costs, are allowed.
     */
    @Test
    void intervalsOfTheIncreaseInPercentContainTheTruth() {
        int models = 300;
        int bca = 0;
        int percentile = 0;
        for (int model = 0; model < models; model++) {
            HeadAblation ablation = SyntheticAblation.of(
                    1,
                    1,
                    100,
                    1,
                    1000 + model,
                    (random, head, target, error) -> error + Math.sqrt(0.1) * random.nextGaussian());
            Estimate increase = new EffectEstimates(ablation, new Bootstrap(300, model))
                    .effect(0, 0, CERTAINLY_NOT, CERTAINLY_NOT, 0)
                    .lossIncreasePercent();
            bca += increase.bca().contains(40) ? 1 : 0;
            percentile += increase.percentile().contains(40) ? 1 : 0;
        }
        assertThat(bca / (double) models).isBetween(0.95 - 4 * 0.013 - 0.02, 1.0);
        assertThat(percentile / (double) models).isBetween(0.95 - 4 * 0.013 - 0.02, 1.0);
    }

    @Test
    void theOrderOfHeadsThatDifferIsStable() {
        HeadAblation ablation = SyntheticAblation.of(
                4, 5, 300, 2, 9, (random, head, target, error) -> error + 0.1 * head * random.nextGaussian());
        HeadStatistics statistics = HeadStatistics.of(ablation, FAST, 2);
        assertThat(requireNonNull(statistics.stability()).spearman()).isGreaterThan(0.9);
        assertThat(requireNonNull(statistics.stability()).topShare()).isGreaterThan(0.8);
    }

    @Test
    void moreThanTheImagesNeededAreThereForASureEffectOnly() {
        HeadStatistics statistics = HeadStatistics.of(oneHeadCarriesTarget2(200), FAST, 2);
        HeadId carrier = new HeadId(0, 1);
        assertThat(statistics.effect(carrier).imagesNeeded()).isLessThan(200);
        assertThat(statistics.imagesNeeded(carrier, SampleSize.STANDARD))
                .isEqualTo(statistics.effect(carrier).imagesNeeded());
        assertThat(statistics.imagesNeeded(carrier, new SampleSize(0.001, 0.99)))
                .isGreaterThan(statistics.effect(carrier).imagesNeeded());
        assertThat(statistics.effect(new HeadId(1, 1)).imagesNeeded()).isGreaterThan(200);
    }

    @Test
    void headsAreChosenOnSomeImagesAndReportedOnOthers() {
        HeadAblation all = oneHeadCarriesTarget2(100);
        int[] even = IntStream.range(0, 50).map(i -> 2 * i).toArray();
        HeadAblation half = all.withLossBatch(32).onImages(even);
        assertThat(half.lossBatch()).isZero();
        assertThat(half.labels()[3]).isEqualTo(all.labels()[6]);
        assertThat(half.predictions(all.heads().get(2))[49])
                .isEqualTo(all.predictions(all.heads().get(2))[98]);
        assertThat(HeadStatistics.of(half, FAST, 2)).isNotEqualTo(HeadStatistics.of(all, FAST, 2));
        assertThatThrownBy(() -> all.onImages(new int[] {1, 1})).hasMessageContaining("images must be different ones");
        assertThatThrownBy(() -> all.onImages(new int[] {100})).hasMessageContaining("of 0 to 99, found [100]");
    }

    @Test
    void oneImageHasEffectsWithoutIntervals() {
        HeadStatistics one = HeadStatistics.of(oneHeadCarriesTarget2(1), FAST, 2);
        assertThat(one.stability()).isNull();
        assertThat(one.effect(new HeadId(0, 1)).lossIncreasePercent().bca()).isEqualTo(Interval.UNDEFINED);
        assertThat(one.effect(new HeadId(1, 0)).signFlip().raw()).isEqualTo(1);
        HeadAblation none = oneHeadCarriesTarget2(1).onImages(new int[0]);
        assertThatThrownBy(() -> HeadStatistics.of(none, FAST, 2)).hasMessageContaining("at least one image");
    }

    @Test
    void equalInputGivesEqualStatistics() {
        HeadAblation ablation = oneHeadCarriesTarget2(70);
        HeadStatistics once = HeadStatistics.of(ablation);
        HeadStatistics again = HeadStatistics.of(ablation);
        assertThat(again).isEqualTo(once);
    }
}

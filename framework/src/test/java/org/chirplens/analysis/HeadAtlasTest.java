package org.chirplens.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.chirplens.chirp.Population;
import org.chirplens.dataset.GeneratedChirps;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.ProgressListener;
import org.chirplens.dataset.Selection;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.figure.FigureRegion;
import org.chirplens.model.HeadId;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.RandomWeights;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;
import org.chirplens.training.InitialWeights;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Verdicts on attention that is made up, laid over the regions of drawn figures, and on that of random models. */
class HeadAtlasTest {
    private static final int GRID = 12;
    private static final int PATCHES = GRID * GRID;
    private static final VitConfig VIT = new VitConfig(192, 16, 24, 1, 8, 24, 1e-12);
    private static final int IMAGES = 40;
    private static final AtlasSettings SETTINGS =
            new AtlasSettings(AttentionReading.PATCH_QUERIES, 0.1, 1.5, 0.95, 100, 3);
    private static final GeneratedChirps CHIRPS = new GeneratedChirps(Population.released(), 5, 0, IMAGES);

    /** The made-up heads, in their order. */
    private static final int TITLE = 0;

    private static final int TITLE_AND_BAR = 1;
    private static final int NOWHERE = 2;
    private static final int EVERYWHERE = 3;
    private static final int CHIRP = 4;
    private static final int WHERE_CHIRPS_ARE = 5;
    private static final int CLS = 6;
    private static final int FRAME_LEFT = 7;

    private static HeadAtlas atlas;

    @BeforeAll
    static void look() {
        double[][][] masks = IntStream.range(0, IMAGES)
                .mapToObj(i -> Objects.requireNonNull(CHIRPS.regions(i)).onPatches(GRID))
                .toArray(double[][][]::new);
        double[] meanChirp = new double[PATCHES];
        for (double[][] mask : masks) {
            for (int p = 0; p < PATCHES; p++) {
                meanChirp[p] += mask[FigureRegion.CHIRP.ordinal()][p] / IMAGES;
            }
        }
        AtlasObservations observed = new AtlasObservations(VIT, true);
        AtlasObservations uniform = new AtlasObservations(VIT, true);
        AtlasNulls nulls = new AtlasNulls(8, PATCHES, SETTINGS);
        Random random = new Random(1);
        for (double[][] mask : masks) {
            double[] title = mask[FigureRegion.TITLE.ordinal()];
            double[] bar = mask[FigureRegion.COLOUR_BAR.ordinal()];
            double[] chirp = mask[FigureRegion.CHIRP.ordinal()];
            double[] noise = random.doubles(PATCHES).map(x -> -Math.log(x)).toArray();
            AtlasObservations.Attention[] heads = {
                attention(title, 0, 0.5),
                attention(sum(title, bar), 0, 0.6),
                attention(noise, 0, 0.8),
                attention(ones(), 1.0 / (PATCHES + 1), 1),
                // Whole patches, however little of the chirp is in them.
                attention(
                        Arrays.stream(chirp)
                                .map(part -> part > 0.02 ? 1 : 0.001)
                                .toArray(),
                        0,
                        0.4),
                attention(meanChirp, 0, 0.7),
                attention(ones(), 0.9, 0.3),
                attention(mask[FigureRegion.FRAME_LEFT.ordinal()], 0, 0.4)
            };
            ChirpPatches patches = new ChirpPatches(chirp);
            observed.add(mask, patches, heads);
            nulls.add(mask, heads, observed.images());
            AtlasObservations.Attention[] untrained = new AtlasObservations.Attention[heads.length];
            Arrays.fill(untrained, attention(ones(), 1.0 / (PATCHES + 1), 1));
            uniform.add(mask, patches, untrained);
        }
        atlas = HeadAtlas.of(observed, nulls, uniform.statistics(), 8, SETTINGS);
    }

    private static double[] ones() {
        double[] ones = new double[PATCHES];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static double[] sum(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(p -> a[p] + b[p]).toArray();
    }

    private static AtlasObservations.Attention attention(double[] weights, double cls, double entropy) {
        double total = Arrays.stream(weights).sum();
        double[] patches = total == 0 ? ones() : weights.clone();
        double all = Arrays.stream(patches).sum();
        return new AtlasObservations.Attention(
                Arrays.stream(patches).map(w -> w / all).toArray(),
                cls,
                1.0 / (PATCHES + 1),
                4,
                entropy * Math.log(PATCHES + 1),
                0);
    }

    private static AtlasEntry head(int head) {
        return atlas.of(new HeadId(0, head));
    }

    @Test
    void aHeadThatLooksAtOneRegionIsMonosemantic() {
        assertThat(head(TITLE).labels()).containsExactly(AtlasLabel.TITLE);
        assertThat(head(TITLE).specialisation()).isEqualTo(Specialisation.MONOSEMANTIC);
        assertThat(head(TITLE).of(AtlasLabel.TITLE).share().value()).isGreaterThan(0.99);
        assertThat(head(TITLE).effectiveRegions().value()).isBetween(1.0, 1.1);
    }

    @Test
    void thePartOfALabelIsTold() {
        assertThat(head(FRAME_LEFT).labels()).containsExactly(AtlasLabel.FRAME);
        assertThat(head(FRAME_LEFT).mainPart(AtlasLabel.FRAME)).isEqualTo(FigureRegion.FRAME_LEFT);
    }

    @Test
    void aHeadThatLooksAtTwoRegionsIsPolysemantic() {
        assertThat(head(TITLE_AND_BAR).labels()).containsExactlyInAnyOrder(AtlasLabel.TITLE, AtlasLabel.COLOUR_BAR);
        assertThat(head(TITLE_AND_BAR).mainPart(AtlasLabel.COLOUR_BAR)).isEqualTo(FigureRegion.COLOUR_BAR);
        assertThat(head(TITLE_AND_BAR).specialisation()).isEqualTo(Specialisation.POLYSEMANTIC);
    }

    @Test
    void aHeadThatLooksAtNothingGetsNoLabel() {
        assertThat(head(NOWHERE).labels()).isEmpty();
        assertThat(head(NOWHERE).specialisation()).isEqualTo(Specialisation.UNCLEAR);
        assertThat(head(NOWHERE).chirpAuc().bca().contains(0.5)).isTrue();
    }

    @Test
    void aHeadThatLooksAtEverythingIsDiffuse() {
        assertThat(head(EVERYWHERE).labels()).isEmpty();
        assertThat(head(EVERYWHERE).specialisation()).isEqualTo(Specialisation.DIFFUSE);
        for (AtlasLabel place : AtlasLabel.places()) {
            assertThat(head(EVERYWHERE).of(place).lift().value()).isBetween(0.999, 1.001);
        }
    }

    @Test
    void aHeadThatFollowsTheChirpIsToldFromOneThatLooksWhereChirpsOftenAre() {
        assertThat(head(CHIRP).labels()).containsExactly(AtlasLabel.CHIRP);
        assertThat(head(CHIRP).chirpAuc().value()).isGreaterThan(0.9);
        assertThat(head(WHERE_CHIRPS_ARE).labels()).doesNotContain(AtlasLabel.CHIRP);
        AtlasEntry.Evidence evidence = head(WHERE_CHIRPS_ARE).of(AtlasLabel.CHIRP);
        assertThat(evidence.lift().value())
                .as("it looks at chirps more than uniform attention does, but no more than at those of other images")
                .isGreaterThan(1);
    }

    @Test
    void aHeadThatLooksAtTheClsTokenSaysNothingOfTheImage() {
        assertThat(head(CLS).labels()).containsExactly(AtlasLabel.CLS);
    }

    @Test
    void sharesOfAllLabelsAddUpToAllAttention() {
        for (AtlasEntry profile : atlas.heads()) {
            double sum = Arrays.stream(AtlasLabel.values())
                    .filter(label -> label != AtlasLabel.SELF)
                    .mapToDouble(label -> profile.of(label).share().value())
                    .sum();
            assertThat(sum).isBetween(1 - 1e-6, 1 + 1e-6);
        }
    }

    @Test
    void atlasesAgreeWithThemselves() {
        HeadAtlas.Agreement agreement = atlas.agreement(atlas);
        assertThat(agreement.share()).isEqualTo(1);
        assertThat(agreement.kappa()).isEqualTo(1);
        assertThat(agreement.sameLabels()).isEqualTo(agreement.labelled());
    }

    @Test
    void randomModelsGetFewLabels() {
        VitConfig vit = new VitConfig(96, 8, 24, 4, 6, 48, 1e-12);
        ModelConfig config = new ModelConfig(vit, null, 3);
        Selection images = new Selection(
                CHIRPS,
                IntStream.range(0, 24).toArray(),
                Preprocessing.TRAINING,
                TargetScaling.identity(CHIRPS.targets()),
                2);
        int labelled = 0;
        int heads = 0;
        try (InferenceModel untrained = new InferenceModel(
                config,
                InitialWeights.fromNothing(config, InitialWeights.Spread.GLOROT, 1),
                SessionOptions.defaults())) {
            for (int seed = 0; seed < 4; seed++) {
                try (InferenceModel random = new InferenceModel(
                        config,
                        seed == 0
                                ? RandomWeights.of(config, seed)
                                : InitialWeights.fromNothing(config, InitialWeights.Spread.GLOROT, 10 + seed),
                        SessionOptions.defaults())) {
                    List<AtlasEntry> profiles = new AtlasPass(random, untrained, null, SETTINGS)
                            .run(images, 8, ProgressListener.NONE)
                            .atlas()
                            .heads();
                    labelled += (int) profiles.stream()
                            .filter(profile -> !profile.labels().isEmpty())
                            .count();
                    heads += profiles.size();
                }
            }
        }
        assertThat((double) labelled / heads).isLessThanOrEqualTo(0.05);
    }
}

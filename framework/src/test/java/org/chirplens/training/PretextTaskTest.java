package org.chirplens.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.chirplens.training.RecordedTraining.get;

import java.util.LinkedHashMap;
import java.util.Map;
import org.chirplens.model.FloatArray;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.PatchWindow;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.Test;

/** A pretext layer whose weights are zero answers with its biases, so that every loss has a closed form. */
class PretextTaskTest {
    /** 2 x 2 patches of 2 x 2 cells: 16 cells. */
    private static final VitConfig VIT = new VitConfig(8, 4, 8, 1, 2, 16, 1e-12);

    private static final int PER_PATCH = 4;
    private static final int CELLS = 16;
    private static final ModelConfig MODEL = new ModelConfig(VIT, null, 2);
    private static final float[] PIXELS = new float[2 * 3 * 8 * 8];
    private static final float[] LABELS = {1, 2, 3, 4};

    /** What the layer answers for each patch: a logit of ridge, start and end for each of its cells, then two targets. */
    private static final float[] ANSWERS = {
        0.5f,
        -1,
        2,
        0, // ridge
        0,
        1,
        2,
        3, // start
        -1,
        0,
        0,
        1, // end
        0.25f,
        -0.5f // targets
    };

    /** The place in a patch of each cell of the image, rows of cells from the top. */
    private static int place(int cell) {
        int row = cell / 4;
        int column = cell % 4;
        return row % 2 * 2 + column % 2;
    }

    private static ChirpCells[] chirps() {
        float[] first = new float[CELLS];
        first[0] = 1; // patch 0
        first[6] = 1; // patch 1
        float[] second = new float[CELLS];
        second[15] = 1; // patch 3
        return new ChirpCells[] {new ChirpCells(first, 0, 6), new ChirpCells(second, 15, 11)};
    }

    private static double lossOf(Pretext pretext) {
        return lossOf(pretext, PatchWindow.whole(VIT), chirps());
    }

    private static double lossOf(Pretext pretext, PatchWindow window, ChirpCells[] chirps) {
        TrainingConfig config = TrainingConfig.released()
                .with()
                .train(Trainable.BACKBONE)
                .pretext(pretext)
                .build();
        Map<String, FloatArray> weights = InitialWeights.fromNothing(MODEL, 3);
        try (TrainingGraph graph = new TrainingGraph(MODEL, config, window, new SessionOptions("cpu", 1))) {
            graph.start(weights);
            Map<String, FloatArray> state = new LinkedHashMap<>(graph.state());
            state.put(
                    "pretext.weight",
                    FloatArray.zeros(get(state, "pretext.weight").shape()));
            state.put("pretext.bias", new FloatArray(new int[] {ANSWERS.length}, ANSWERS.clone()));
            graph.restore(weights, state);
            TrainingGraph.Loss loss = graph.step(PIXELS, LABELS, chirps, 1e-9, 0);
            return loss.total() - loss.regression();
        }
    }

    @Test
    void theRidgeLossIsTheWeightedCrossEntropyOverAllCells() {
        double expected = 0;
        for (ChirpCells chirp : chirps()) {
            for (int cell = 0; cell < CELLS; cell++) {
                double sigmoid = 1 / (1 + Math.exp(-ANSWERS[place(cell)]));
                expected -= chirp.ridge()[cell] == 1 ? 5 * Math.log(sigmoid) : Math.log(1 - sigmoid);
            }
        }
        assertThat(lossOf(new Pretext(0.5, 0, 0, 2))).isCloseTo(0.5 * expected / (2 * CELLS), within(1e-5));
    }

    @Test
    void theLossOfTheEndsIsTheCrossEntropyOfBothOverTheWholeImage() {
        double expected = 0;
        for (ChirpCells chirp : chirps()) {
            expected += crossEntropy(PER_PATCH, chirp.start()) + crossEntropy(2 * PER_PATCH, chirp.end());
        }
        assertThat(lossOf(new Pretext(0, 0.3, 0, 2))).isCloseTo(0.3 * expected / 2, within(1e-5));
    }

    private static double crossEntropy(int firstAnswer, int cell) {
        double sum = 0;
        for (int i = 0; i < CELLS; i++) {
            sum += Math.exp(ANSWERS[firstAnswer + place(i)]);
        }
        return Math.log(sum) - ANSWERS[firstAnswer + place(cell)];
    }

    @Test
    void theLossOfTheLabelsIsTheMeanSquareOverPatchesOnTheRidge() {
        // Every patch answers the same, so the mean over patches is that of any: 0.25 and -0.5 for both images.
        double expected = (Math.pow(1 - 0.25, 2) + Math.pow(2.5, 2) + Math.pow(3 - 0.25, 2) + Math.pow(4.5, 2)) / 4;
        assertThat(lossOf(new Pretext(0, 0, 2, 2))).isCloseTo(2 * expected, within(1e-4));
    }

    /** The window is the right column of patches, with the right halves of the image's rows of cells. */
    @Test
    void inAWindowCellsOutsideCountForNothing() {
        PatchWindow right = new PatchWindow(0, 1, 2, 1);
        float[] ridge = new float[CELLS];
        ridge[1] = 1; // outside
        ridge[6] = 1;
        ChirpCells[] chirps = {new ChirpCells(ridge, 6, 11), new ChirpCells(ridge, 3, 14)};
        double ridgeLoss = 0;
        double all = 0;
        for (int cell : new int[] {2, 3, 6, 7, 10, 11, 14, 15}) {
            double sigmoid = 1 / (1 + Math.exp(-ANSWERS[place(cell)]));
            ridgeLoss -= cell == 6 ? 5 * Math.log(sigmoid) : Math.log(1 - sigmoid);
            all += Math.exp(ANSWERS[PER_PATCH + place(cell)]);
        }
        assertThat(lossOf(new Pretext(1, 0, 0, 2), right, chirps)).isCloseTo(ridgeLoss / 8, within(1e-5));
        double starts = 2 * Math.log(all) - ANSWERS[PER_PATCH + place(6)] - ANSWERS[PER_PATCH + place(3)];
        double ends = 0;
        for (int cell : new int[] {2, 3, 6, 7, 10, 11, 14, 15}) {
            ends += Math.exp(ANSWERS[2 * PER_PATCH + place(cell)]);
        }
        ends = 2 * Math.log(ends) - ANSWERS[2 * PER_PATCH + place(11)] - ANSWERS[2 * PER_PATCH + place(14)];
        assertThat(lossOf(new Pretext(0, 1, 0, 2), right, chirps)).isCloseTo((starts + ends) / 2, within(1e-5));
    }

    @Test
    void tasksAddUp() {
        double apart =
                lossOf(new Pretext(1, 0, 0, 2)) + lossOf(new Pretext(0, 0.3, 0, 2)) + lossOf(new Pretext(0, 0, 1, 2));
        assertThat(lossOf(new Pretext(1, 0.3, 1, 2))).isCloseTo(apart, within(1e-5));
    }
}

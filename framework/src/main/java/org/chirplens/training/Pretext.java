package org.chirplens.training;

/**
 * The dense pretext tasks of a run, each with the weight of its loss beside the regression's. A linear layer on every
 * patch token answers them; it belongs to the training run and never to the model. Without them a small transformer
 * that starts from nothing stays at predicting the mean for very long.
 *
 * @param ridge weight of: through which cells does the chirp's ridge pass? Binary cross-entropy, positives weighted 5
 * @param ends weight of: in which cell of the image does the chirp begin, in which does it end? Cross-entropy over all
 *     cells, summed over the two
 * @param labels weight of: what are the image's labels? Mean squared error over all targets, asked of the patches
 *     that the ridge passes through
 * @param cellSize side of a cell in pixels; divides the model's patch size
 */
public record Pretext(double ridge, double ends, double labels, int cellSize) {
    public Pretext {
        Check.that(Check.nonNegative(ridge), "the weight of the pretext ridge must be at least 0 and finite", ridge);
        Check.that(Check.nonNegative(ends), "the weight of the pretext ends must be at least 0 and finite", ends);
        Check.that(Check.nonNegative(labels), "the weight of the pretext labels must be at least 0 and finite", labels);
        Check.that(cellSize >= 1, "cellSize must be at least 1", cellSize);
    }

    /** No task. */
    public static Pretext none() {
        return new Pretext(0, 0, 0, 1);
    }

    /** Whether any task is part of the run, which must then know where in each image the chirp is. */
    public boolean isOn() {
        return ridge > 0 || ends > 0 || labels > 0;
    }
}

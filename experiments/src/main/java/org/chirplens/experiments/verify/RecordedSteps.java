package org.chirplens.experiments.verify;

import java.util.Arrays;

/**
 * The settings of recorded optimizer steps, as {@code training.json} says them.
 *
 * @param learningRate of every step
 * @param weightDecay decoupled
 * @param steps how many
 * @param batch images of a step; step i takes the images from {@code i * batch} on
 */
record RecordedSteps(double learningRate, double weightDecay, int steps, int batch) {
    private static final double[] BETAS = {0.9, 0.999};
    private static final double EPSILON = 1e-8;

    /**
     * Reads the settings.
     *
     * @throws IllegalArgumentException when one is missing, or is another than our AdamW's
     */
    static RecordedSteps of(RecordedJson json) {
        RecordedJson optimizer = json.find("optimizer");
        if (optimizer != null && !optimizer.text().equals("AdamW")) {
            throw optimizer.error("must be \"AdamW\", others are not supported");
        }
        RecordedJson betas = json.find("betas");
        if (betas != null && !Arrays.equals(betas.numbers(), BETAS)) {
            throw betas.error("must be " + Arrays.toString(BETAS) + ", others are not supported");
        }
        json.requireIfGiven("eps", EPSILON);
        RecordedJson amsgrad = json.find("amsgrad");
        if (amsgrad != null && (!amsgrad.node().isBoolean() || amsgrad.node().booleanValue())) {
            throw amsgrad.error("must be false, true is not supported");
        }
        return new RecordedSteps(
                json.get("lr").number(),
                json.get("weight_decay").number(),
                atLeastOne(json.get("steps")),
                atLeastOne(json.get("batch")));
    }

    private static int atLeastOne(RecordedJson number) {
        if (number.integer() < 1) {
            throw number.error("must be at least 1");
        }
        return number.integer();
    }

    /** Images that the steps take. */
    long images() {
        return (long) steps * batch;
    }
}

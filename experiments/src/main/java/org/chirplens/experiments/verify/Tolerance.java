package org.chirplens.experiments.verify;

import org.chirplens.model.SessionOptions;

/**
 * How far a recorded array and ours may be apart.
 *
 * @param bound the largest error that is admitted, at least 0
 * @param measure which error counts
 * @param share the largest share of values that may differ at all, in [0, 1]
 */
public record Tolerance(double bound, Measure measure, double share) {
    /** The error that is held against the bound. */
    public enum Measure {
        /** The difference itself. */
        ABSOLUTE("absolute"),
        /** The difference divided by the recorded value. */
        RELATIVE("relative"),
        /** The difference divided by the array's largest recorded value: small values may be differences of large ones. */
        OF_LARGEST("of largest");

        private final String text;

        Measure(String text) {
            this.text = text;
        }

        /** As printed. */
        public String text() {
            return text;
        }
    }

    static Tolerance absolute(double bound) {
        return new Tolerance(bound, Measure.ABSOLUTE, 1);
    }

    /**
     * For the values of a forward pass: 2e-5, or 4e-6 of the largest where that is more. Two float32 runs differ by some
     * ten units in the last place of the largest values that were summed: by 6e-6 at values of order 1.
     *
     * @param largest the largest absolute value of the array
     */
    static Tolerance ofForwardPass(double largest) {
        return absolute(Math.max(2e-5, 4e-6 * largest));
    }

    /**
     * How many times the tolerances of float32 are admitted where the factors of products are rounded. A factor's rounding errs by
     * a unit in the last of its bits: 2^13 times that of float32 with the 11 bits of TF32 and float16, 2^16 times with the 8
     * bits of bfloat16. Such errors of many factors average out: an eighth of that is admitted, where the recorded models
     * were seen to err by up to a sixteenth.
     */
    static double looserThanFloat32(SessionOptions options) {
        return switch (options.precision()) {
            case BFLOAT16 -> 8192;
            case FLOAT16 -> 1024;
            case FLOAT32 -> options.roundsToTf32() ? 1024 : 1;
        };
    }

    static Tolerance relative(double bound) {
        return new Tolerance(bound, Measure.RELATIVE, 1);
    }

    static Tolerance ofLargest(double bound) {
        return new Tolerance(bound, Measure.OF_LARGEST, 1);
    }

    /** Every value must be the same. */
    static Tolerance exact() {
        return absolute(0);
    }

    /** So many times this bound; what must be the same stays so. */
    Tolerance times(double factor) {
        return new Tolerance(factor * bound, measure, share);
    }

    /** This bound, and all values but this share must be equal. */
    Tolerance equalBut(double newShare) {
        return new Tolerance(bound, measure, newShare);
    }
}

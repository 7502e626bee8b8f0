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
     * How many times the tolerances of float32 are admitted where the factors of products are rounded, to 11 bits for TF32 and
     * float16 and to 8 bits for bfloat16, which is 2^13 and 2^16 times as coarse as float32. Much of that averages out
     * in a sum. With the recorded models errors reached 1,770 times the tolerance of float32 with TF32 on an H200, in parameters after
     * five steps, and 4,600 times with bfloat16, in a prediction; about twice that is admitted.
     */
    static double looserThanFloat32(SessionOptions options) {
        return switch (options.precision()) {
            case BFLOAT16 -> 8192;
            case FLOAT16 -> 4096;
            case FLOAT32 -> options.roundsToTf32() ? 4096 : 1;
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

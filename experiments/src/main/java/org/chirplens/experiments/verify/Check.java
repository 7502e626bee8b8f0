package org.chirplens.experiments.verify;

/**
 * How one recorded array compares with ours.
 *
 * @param name the array's path in the bundle; behind it, in parentheses, how ours was computed when there are several
 *     ways
 * @param maxAbsError largest absolute difference; NaN when not compared
 * @param maxRelError largest difference relative to the recorded value's size; NaN when not compared
 * @param tolerance bound of the error that counts
 * @param relative whether the relative error counts rather than the absolute one
 * @param status the outcome
 */
public record Check(
        String name, double maxAbsError, double maxRelError, double tolerance, boolean relative, Status status) {
    /** The outcome of a comparison. */
    public enum Status {
        OK("ok"),
        FAILED("FAILED"),
        NOT_YET("not yet");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        /** As printed. */
        public String text() {
            return text;
        }
    }

    static Check notYet(String name) {
        return new Check(name, Double.NaN, Double.NaN, Double.NaN, false, Status.NOT_YET);
    }
}

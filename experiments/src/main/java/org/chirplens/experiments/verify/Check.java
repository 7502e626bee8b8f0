package org.chirplens.experiments.verify;

import org.jspecify.annotations.Nullable;

/**
 * One line of a verification: how a recorded array compares with ours, or why it was not compared.
 *
 * @param name the array's path in the bundle; behind it, in parentheses, how ours was computed when there are several
 *     ways
 * @param maxAbsError largest absolute difference; infinite when the sizes differ, NaN when not compared
 * @param maxRelError largest difference relative to the recorded value, or to the largest one where the tolerance
 *     says so; infinite when the sizes differ, NaN when not compared
 * @param tolerance what is admitted; null when not compared
 * @param status the outcome
 * @param note why the status is what it is; null when there is nothing to add
 */
public record Check(
        String name,
        double maxAbsError,
        double maxRelError,
        @Nullable Tolerance tolerance,
        Status status,
        @Nullable String note) {
    /** The outcome of a comparison. */
    public enum Status {
        OK("ok"),
        FAILED("FAILED"),
        NOT_CHECKED("not checked");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        /** As printed. */
        public String text() {
            return text;
        }
    }

    /** Something that no check looked at. */
    static Check notChecked(String name, String why) {
        return new Check(name, Double.NaN, Double.NaN, null, Status.NOT_CHECKED, why);
    }

    /** Something that cannot be compared although it should. */
    static Check failed(String name, String reason) {
        return new Check(name, Double.NaN, Double.NaN, null, Status.FAILED, reason);
    }

    /** The same check with all occurrences of a text left out of its note. */
    Check withoutInNote(String text) {
        String shorter = note == null ? null : note.replace(text, "");
        return new Check(name, maxAbsError, maxRelError, tolerance, status, shorter);
    }
}

package org.chirplens.training;

/** The rule checks of this package's records. */
final class Check {
    private Check() {}

    static void that(boolean holds, String rule, Object found) {
        if (!holds) {
            throw new IllegalArgumentException(rule + ", found " + found);
        }
    }

    /** Also false for NaN, unlike {@code !(value < 0)}. */
    static boolean nonNegative(double value) {
        return value >= 0 && value < Double.POSITIVE_INFINITY;
    }
}

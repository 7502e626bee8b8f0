package org.chirplens.experiments.config;

/** The values that a number may have, and how a message says so. */
record Range(double min, double max, double above, double below) {
    static Range of(Setting setting) {
        return new Range(setting.min(), setting.max(), setting.above(), setting.below());
    }

    boolean contains(double value) {
        return value >= min && value <= max && value > above && value < below;
    }

    /** {@code in [1, 768]}, {@code in (0, 1)}, {@code at least 1}, {@code above 0}. */
    @Override
    public String toString() {
        boolean openLow = above > Double.NEGATIVE_INFINITY;
        boolean openHigh = below < Double.POSITIVE_INFINITY;
        boolean low = openLow || min > Double.NEGATIVE_INFINITY;
        boolean high = openHigh || max < Double.POSITIVE_INFINITY;
        if (low && high) {
            return "in " + (openLow ? "(" + number(above) : "[" + number(min)) + ", "
                    + (openHigh ? number(below) + ")" : number(max) + "]");
        }
        if (low) {
            return openLow ? "above " + number(above) : "at least " + number(min);
        }
        return openHigh ? "below " + number(below) : "at most " + number(max);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}

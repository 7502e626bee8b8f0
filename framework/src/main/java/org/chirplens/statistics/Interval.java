package org.chirplens.statistics;

/**
 * A confidence interval in the unit of what it is of.
 *
 * @param low lower end
 * @param high upper end; both are NaN where the interval is not defined, as that of the error of a single image
 */
public record Interval(double low, double high) {
    public static final Interval UNDEFINED = new Interval(Double.NaN, Double.NaN);

    public Interval {
        if (low > high) {
            throw new IllegalArgumentException(
                    "an interval must not end before it begins, found " + low + " to " + high);
        }
    }

    /** Whether both ends are numbers. */
    public boolean isDefined() {
        return Double.isFinite(low) && Double.isFinite(high);
    }

    /** Whether a value lies inside or at an end; false for an interval that is not defined. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /** The interval in another unit, of which {@code factor}, not negative, make the present one. */
    public Interval scaled(double factor) {
        return new Interval(factor * low, factor * high);
    }
}

package org.chirplens.training;

/**
 * A confidence interval in the unit of what it is of.
 *
 * @param low lower end
 * @param high upper end; both are NaN where the interval is not defined, as that of the error of a single image
 */
public record Interval(double low, double high) {
    public static final Interval UNDEFINED = new Interval(Double.NaN, Double.NaN);

    public Interval {
        Check.that(!(low > high), "an interval must not end before it begins", low + " to " + high);
    }

    /** Whether both ends are numbers. */
    public boolean isDefined() {
        return Double.isFinite(low) && Double.isFinite(high);
    }
}

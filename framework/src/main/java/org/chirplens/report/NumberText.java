package org.chirplens.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.chirplens.statistics.Interval;

/** Numbers as people read them: the same in every locale, with a true minus sign, and a dash for what is not a number. */
final class NumberText {
    /** Stands where there is no number. */
    static final String NONE = "–";

    private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private NumberText() {}

    /** With a fixed number of decimals: {@code −0.50}. */
    static String fixed(double value, int decimals) {
        if (!Double.isFinite(value)) {
            return infinite(value);
        }
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_EVEN);
        return (rounded.signum() < 0 ? "−" : "") + rounded.abs().toPlainString();
    }

    /** With at least {@code digits} significant digits, whole part never rounded: {@code 0.0123}, {@code 1235}. */
    static String significant(double value, int digits) {
        if (!Double.isFinite(value) || value == 0) {
            return value == 0 ? "0" : infinite(value);
        }
        double size = Math.abs(value);
        if (size < 1e-4 || size >= 1e7) {
            return scientific(value, digits);
        }
        int magnitude = (int) Math.floor(Math.log10(size));
        return fixed(value, Math.max(0, digits - 1 - magnitude));
    }

    /**
     * A value with its interval, both with the decimals that give the value {@code digits} significant digits:
     * {@code 1.23 [0.98, 1.50]}; the value alone where the interval is not defined.
     *
     * @param unit stands behind the value; may be empty
     */
    static String withInterval(double value, Interval interval, int digits, String unit) {
        double size = Math.abs(value);
        String text = significant(value, digits) + (unit.isEmpty() ? "" : " " + unit);
        if (!interval.isDefined()) {
            return text;
        }
        boolean plain = size >= 1e-4 && size < 1e7;
        int decimals = plain ? Math.max(0, digits - 1 - (int) Math.floor(Math.log10(size))) : 0;
        String low = plain ? fixed(interval.low(), decimals) : significant(interval.low(), digits);
        String high = plain ? fixed(interval.high(), decimals) : significant(interval.high(), digits);
        return text + " [" + low + ", " + high + "]";
    }

    /** A percentage with a sign: {@code +12.3 %}. */
    static String signedPercent(double value) {
        return signedPoints(value) + " %";
    }

    /** A difference of percentages with a sign: {@code +12.3}. */
    static String signedPoints(double value) {
        return (value > 0 && Double.isFinite(value) ? "+" : "") + percentNumber(value);
    }

    /** A percentage's number in three digits or so: {@code 0.04}, {@code 3.1}, {@code 145}. */
    static String percentNumber(double value) {
        double size = Math.abs(value);
        if (size >= 1e5) {
            return Double.isFinite(value) ? scientific(value, 2) : infinite(value);
        }
        return fixed(value, size >= 99.95 ? 0 : size >= 0.995 ? 1 : 2);
    }

    /** An interval of percentages, each end as by {@link #percentNumber}: {@code [−0.50, 12.3]}. */
    static String percentInterval(Interval interval) {
        return interval.isDefined()
                ? "[" + percentNumber(interval.low()) + ", " + percentNumber(interval.high()) + "]"
                : NONE;
    }

    /** A p-value to three decimals: {@code < 0.001}, {@code 0.042}, {@code 1}. */
    static String pValue(double p) {
        return p < 0.001 ? "< 0.001" : p == 1 ? "1" : fixed(p, 3);
    }

    /** A length of time: {@code 45 s}, {@code 4 min 5 s}, {@code 2 h 3 min}. */
    static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return fixed(seconds, seconds < 10 ? 1 : 0) + " s";
        }
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    /** As a power of ten: {@code 2.5·10⁻⁴}, {@code 10⁶}. */
    static String scientific(double value, int digits) {
        BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        BigDecimal mantissa = rounded.scaleByPowerOfTen(-exponent).stripTrailingZeros();
        String power = "10" + superscript(exponent);
        if (mantissa.abs().compareTo(BigDecimal.ONE) == 0) {
            return (value < 0 ? "−" : "") + power;
        }
        return (value < 0 ? "−" : "") + mantissa.abs().toPlainString() + "·" + power;
    }

    private static String superscript(int exponent) {
        StringBuilder text = new StringBuilder(exponent < 0 ? "⁻" : "");
        for (char digit : Integer.toString(Math.abs(exponent)).toCharArray()) {
            text.append(SUPERSCRIPTS.charAt(digit - '0'));
        }
        return text.toString();
    }

    private static String infinite(double value) {
        return Double.isNaN(value) ? NONE : value > 0 ? "∞" : "−∞";
    }
}

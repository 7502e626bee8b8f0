package org.chirplens.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * From a value to a colour: white for 0, towards dark vermilion for what rises and dark blue for what falls. The two
 * hues are those of {@link Palette}, so that readers of any colour vision tell them apart. Where few values are far above all
 * others, colours grow with the logarithm, as otherwise only those few would be seen.
 *
 * @param low value of the darkest blue; 0 when nothing falls, else {@code -high}
 * @param high value of the darkest vermilion, above 0
 * @param linear up to about this magnitude colours grow in proportion to values, beyond it with their logarithm; infinite for a
 *     map that is linear all over
 */
record ColourMap(double low, double high, double linear) {
    private static final List<Integer> RISE = List.of(0xffffff, 0xfbe0c8, 0xf2ae77, 0xd55e00, 0x7a2b00);
    private static final List<Integer> FALL = List.of(0xffffff, 0xd3e8f6, 0x8cc1e3, 0x0072b2, 0x003a66);

    /** Share of the values that are no outliers, and how far above them a map is no longer linear. */
    private static final double USUAL = 0.9;

    private static final double FAR = 20;

    /** A linear map. */
    ColourMap(double low, double high) {
        this(low, high, Double.POSITIVE_INFINITY);
    }

    /** A map for these values: symmetrical about 0 if any is negative. Values that are not finite do not count. */
    static ColourMap covering(double[] values) {
        double[] magnitudes = Arrays.stream(values)
                .filter(Double::isFinite)
                .map(Math::abs)
                .sorted()
                .toArray();
        boolean negative = Arrays.stream(values).anyMatch(value -> Double.isFinite(value) && value < 0);
        double most = magnitudes.length == 0 ? 0 : magnitudes[magnitudes.length - 1];
        double high = most > 0 ? most : 1;
        double usual = magnitudes.length == 0 ? 0 : magnitudes[(int) (USUAL * (magnitudes.length - 1))];
        boolean outliers = usual > 0 && most > FAR * usual;
        return new ColourMap(negative ? -high : 0, high, outliers ? usual : Double.POSITIVE_INFINITY);
    }

    /** Whether colours grow with the logarithm of large values. */
    boolean isLogarithmic() {
        return Double.isFinite(linear);
    }

    /** The colour of a value, {@code 0xRRGGBB}; values outside the range get the end's colour, NaN a grey. */
    int of(double value) {
        return Double.isNaN(value) ? Palette.GRID : ofStrength(strength(value));
    }

    /** The place of a value on the bar of all colours: 0 for {@code low}, 1 for {@code high}. */
    double place(double value) {
        return low < 0 ? (1 + strength(value)) / 2 : strength(value);
    }

    /** The colour at a place on the bar. */
    int at(double place) {
        return ofStrength(low < 0 ? 2 * place - 1 : place);
    }

    /** Values worth a label, at most about {@code most}. */
    List<Scale.Tick> ticks(int most) {
        if (!isLogarithmic()) {
            return Scale.linear(low, high).ticks(most);
        }
        int last = (int) Math.floor(Math.log10(high) + 1e-9);
        // Powers of ten from the usual values on: closer to 0 their labels would overlap.
        int first = Math.min(last, (int) Math.ceil(Math.log10(linear)));
        int sides = low < 0 ? 2 : 1;
        int every = Math.max(1, (sides * (last - first + 1) + most - 1) / most);
        List<Scale.Tick> ticks = new ArrayList<>();
        ticks.add(new Scale.Tick(0, "0"));
        for (int power = last; power >= first; power -= every) {
            double value = Math.pow(10, power);
            ticks.add(new Scale.Tick(value, Scale.logLabel(value)));
            if (low < 0) {
                ticks.add(new Scale.Tick(-value, Scale.logLabel(-value)));
            }
        }
        return ticks;
    }

    /** In [-1, 1]: how dark, and in which hue. */
    private double strength(double value) {
        double magnitude = Math.min(Math.abs(value), high);
        double strength =
                isLogarithmic() ? Math.log1p(magnitude / linear) / Math.log1p(high / linear) : magnitude / high;
        return Math.copySign(strength, value);
    }

    private static int ofStrength(double strength) {
        return along(strength < 0 ? FALL : RISE, Math.min(1, Math.abs(strength)));
    }

    private static int along(List<Integer> stops, double fraction) {
        double position = fraction * (stops.size() - 1);
        int at = Math.min((int) position, stops.size() - 2);
        return mix(stops.get(at), stops.get(at + 1), position - at);
    }

    /** The colour {@code share} of the way from one colour to another. */
    static int mix(int from, int to, double share) {
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int a = from >> shift & 0xff;
            int b = to >> shift & 0xff;
            mixed |= (int) Math.round(a + share * (b - a)) << shift;
        }
        return mixed;
    }
}

package org.chirplens.report;

import java.util.List;

/**
 * From a value to a colour: white for 0, towards dark vermilion for what rises and dark blue for what falls. The two
 * hues are those of {@link Palette}, so that readers of any colour vision tell them apart.
 *
 * @param low value of the darkest blue; 0 when nothing falls, else {@code -high}
 * @param high value of the darkest vermilion, above 0
 */
record ColourMap(double low, double high) {
    private static final List<Integer> RISE = List.of(0xffffff, 0xfbe0c8, 0xf2ae77, 0xd55e00, 0x7a2b00);
    private static final List<Integer> FALL = List.of(0xffffff, 0xd3e8f6, 0x8cc1e3, 0x0072b2, 0x003a66);

    /** A map for these values: symmetrical about 0 if any is negative. Values that are not finite do not count. */
    static ColourMap covering(double[] values) {
        double most = 0;
        boolean negative = false;
        for (double value : values) {
            if (Double.isFinite(value)) {
                most = Math.max(most, Math.abs(value));
                negative |= value < 0;
            }
        }
        double high = most > 0 ? most : 1;
        return new ColourMap(negative ? -high : 0, high);
    }

    /** The colour of a value, {@code 0xRRGGBB}; values outside the range get the end's colour, NaN a grey. */
    int of(double value) {
        if (Double.isNaN(value)) {
            return Palette.GRID;
        }
        double strength = Math.min(1, Math.abs(value) / high);
        return along(value < 0 ? FALL : RISE, strength);
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

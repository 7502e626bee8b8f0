package org.chirplens.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The axis that figures have along their width: numbers, one for each trial.
 *
 * @param title in words, such as {@code rank}
 * @param values [trials]
 * @param distinct the different values, rising
 */
record SweepAxis(String title, double[] values, double[] distinct) {
    private static final double LOG_FROM = 15;

    /**
     * The first axis of numbers; a seed counts only where there is no other, as its size means nothing.
     *
     * @return empty when no axis is of numbers, or there is no trial
     */
    static Optional<SweepAxis> of(SweepData data) {
        List<Integer> numeric = IntStream.range(0, data.axes().size())
                .filter(axis -> isNumeric(data, axis))
                .boxed()
                .toList();
        return numeric.stream()
                .filter(axis -> !isSeed(data.axes().get(axis)))
                .findFirst()
                .or(() -> numeric.stream().findFirst())
                .map(axis -> of(data, axis));
    }

    private static SweepAxis of(SweepData data, int axis) {
        double[] values = data.trials().stream()
                .mapToDouble(trial -> Double.parseDouble(trial.values().get(axis)))
                .toArray();
        return new SweepAxis(
                words(data.axes().get(axis), data.axes()),
                values,
                DoubleStream.of(values).distinct().sorted().toArray());
    }

    private static boolean isNumeric(SweepData data, int axis) {
        return !data.trials().isEmpty()
                && data.trials().stream().allMatch(trial -> trial.values()
                        .get(axis)
                        .matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?"));
    }

    /** Whether its values are names of random draws, whose size means nothing. */
    boolean isSeed() {
        return isSeed(title);
    }

    /** The same trials as if they had one value. */
    SweepAxis pooled() {
        return new SweepAxis(title, new double[values.length], new double[1]);
    }

    private static boolean isSeed(String key) {
        return key.toLowerCase(Locale.ROOT).endsWith("seed");
    }

    /** The last part of a key in words, such as {@code learning rate} for {@code training.learningRate}; all of it where another axis ends alike. */
    static String words(String key, List<String> axes) {
        String last = words(key);
        return axes.stream().filter(axis -> words(axis).equals(last)).count() > 1 ? key : last;
    }

    private static String words(String key) {
        return key.substring(key.lastIndexOf('.') + 1)
                .replaceAll("([a-z])([A-Z])", "$1 $2")
                .toLowerCase(Locale.ROOT);
    }

    /** The place of each trial's value among the distinct ones. */
    int[] groups() {
        return DoubleStream.of(values)
                .mapToInt(value -> java.util.Arrays.binarySearch(distinct, value))
                .toArray();
    }

    /** The trials of a group, in the order of the grid. */
    List<Integer> group(int group) {
        int[] groups = groups();
        return IntStream.range(0, values.length)
                .filter(i -> groups[i] == group)
                .boxed()
                .toList();
    }

    /** The numbers of all trials, those of the smallest value first. */
    List<Integer> inOrder() {
        List<Integer> order = new ArrayList<>();
        IntStream.range(0, distinct.length).forEach(group -> order.addAll(group(group)));
        return order;
    }

    /** The trials of a list alone. */
    SweepAxis only(List<Integer> trials) {
        double[] kept = trials.stream().mapToDouble(i -> values[i]).toArray();
        return new SweepAxis(
                title, kept, DoubleStream.of(kept).distinct().sorted().toArray());
    }

    /** A value as text: {@code 8}, {@code 0.05}, {@code 10⁻⁵}. */
    static String text(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e7) {
            return NumberText.fixed(value, 0);
        }
        // All digits that were configured, so that no two settings have one name.
        BigDecimal exact = BigDecimal.valueOf(value).stripTrailingZeros();
        return Math.abs(value) >= 1e-3
                ? NumberText.fixed(value, exact.scale())
                : NumberText.scientific(value, exact.precision());
    }

    Scale scale() {
        double min = distinct[0];
        double max = distinct[distinct.length - 1];
        if (min > 0 && DoubleStream.of(distinct).allMatch(SweepAxis::isPowerOfTwo)) {
            return Scale.doubling(min, max);
        }
        if (min > 0 && max / min > LOG_FROM) {
            return Scale.logCovering(min, max);
        }
        double room = max > min ? 0.06 * (max - min) : Math.max(1, Math.abs(max) * 0.1);
        boolean whole = DoubleStream.of(distinct).allMatch(value -> value == Math.rint(value));
        return whole ? Scale.whole(min - room, max + room) : Scale.linear(min - room, max + room);
    }

    private static boolean isPowerOfTwo(double value) {
        return value > 0 && Math.scalb(1.0, Math.getExponent(value)) == value;
    }
}

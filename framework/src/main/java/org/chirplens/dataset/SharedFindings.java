package org.chirplens.dataset;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.chirplens.dataset.Finding.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What images or rows have in common that should differ: within a set, across its split, and with another set. An image and its
 * counterfactuals are alike on purpose, and a split keeps such a group together.
 */
final class SharedFindings {
    private final ListedDirectory data;
    private final @Nullable ListedDirectory other;
    private final BitSet train = new BitSet();
    private final BitSet validation = new BitSet();
    private final BitSet test = new BitSet();
    private final List<Finding> findings;

    SharedFindings(ListedDirectory data, @Nullable ListedDirectory other, Split split, List<Finding> findings) {
        this.data = data;
        this.other = other;
        this.findings = findings;
        Arrays.stream(split.train()).forEach(train::set);
        Arrays.stream(split.validation()).forEach(validation::set);
        Arrays.stream(split.test()).forEach(test::set);
    }

    /** @param groups indices of images with equal pixels, those of the other set counted on from this one's size */
    void images(List<int[]> groups, @Nullable GeneratedChirps drawn) {
        // Groups rise; rows beyond the images that were drawn are findings of their own.
        Predicate<int[]> intended =
                group -> drawn != null && group[group.length - 1] < drawn.size() && areEqual(group, drawn);
        compare(groups, Kind.DUPLICATE_IMAGE, Kind.SPLIT_IMAGE, Kind.OTHER_IMAGE, data::name, intended);
    }

    /** @param groups indices of rows with equal labels, counted in the same way */
    void labels(List<int[]> groups) {
        compare(groups, Kind.DUPLICATE_LABEL, Kind.SPLIT_LABEL, Kind.OTHER_LABEL, data::row, group -> true);
    }

    /** Whether drawing gives equal pixels, as where a chirp is too short for its shape to be seen. */
    private static boolean areEqual(int[] group, GeneratedChirps drawn) {
        byte[] first = drawn.image(group[0]).rgb();
        return IntStream.of(group)
                .skip(1)
                .allMatch(index -> Arrays.equals(first, drawn.image(index).rgb()));
    }

    private void compare(
            List<int[]> groups,
            Kind within,
            Kind across,
            Kind withOther,
            IntFunction<String> names,
            Predicate<int[]> intended) {
        for (int[] group : groups) {
            int[] mine = Arrays.stream(group).filter(i -> i < data.size()).toArray();
            if (mine.length > 1 && !(areCounterfactuals(mine) && intended.test(mine))) {
                findings.add(new Finding(within, names.apply(mine[0]) + ": same as " + some(mine, 1, names)));
            }
            for (int index : mine) {
                across(index, mine, across, names);
            }
            if (mine.length > 0 && mine.length < group.length) {
                findings.add(new Finding(withOther, common(mine, group, withOther, names)));
            }
        }
    }

    private void across(int index, int[] mine, Kind kind, IntFunction<String> names) {
        if (test.get(index)) {
            across(index, "test", mine, validation, "validation", kind, names);
        }
        if (test.get(index) || validation.get(index)) {
            across(index, test.get(index) ? "test" : "validation", mine, train, "training", kind, names);
        }
    }

    private void across(
            int index, String part, int[] mine, BitSet others, String other, Kind kind, IntFunction<String> names) {
        int[] same = Arrays.stream(mine).filter(others::get).toArray();
        if (same.length > 0) {
            String text = " (" + part + "): same as " + some(same, 0, names) + " (" + other + ")";
            findings.add(new Finding(kind, names.apply(index) + text));
        }
    }

    /** Whether all are an image and counterfactuals of it. */
    private boolean areCounterfactuals(int[] indices) {
        return IntStream.of(indices).allMatch(index -> group(index) == group(indices[0]));
    }

    private int group(int index) {
        return index / data.groupSize();
    }

    private String common(int[] mine, int[] group, Kind kind, IntFunction<String> names) {
        ListedDirectory there = Objects.requireNonNull(other);
        int index = group[mine.length] - data.size();
        String their = kind == Kind.OTHER_IMAGE ? there.name(index) : there.row(index);
        return some(mine, 0, names) + ": same as " + there.directory().resolve(their);
    }

    /** The first few members of a group, and how many more there are. */
    private static String some(int[] members, int from, IntFunction<String> names) {
        int shown = Math.min(members.length, from + 3);
        String first = IntStream.range(from, shown)
                .mapToObj(i -> names.apply(members[i]))
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
        return members.length > shown ? first + " and " + (members.length - shown) + " more" : first;
    }
}

package org.chirplens.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.chirplens.analysis.AtlasLabel;
import org.chirplens.analysis.Specialisation;
import org.chirplens.model.HeadId;

/**
 * What the heads of two models of one shape look at, by an atlas of each.
 *
 * @param heads those that both atlases have; empty where there is nothing to compare
 */
public record LabelComparison(List<Pair> heads) {
    public LabelComparison {
        heads = List.copyOf(heads);
    }

    /** A head by both atlases. */
    record Pair(AtlasFigures.Head a, AtlasFigures.Head b) {
        HeadId id() {
            return a.id();
        }

        /** Whether it has other labels, or as none of them another kind of attention. */
        boolean differs() {
            return !Set.copyOf(words(a)).equals(Set.copyOf(words(b)));
        }
    }

    /** Pairs the heads of two atlases; none where one of them is empty or they are not of the same heads. */
    static LabelComparison of(List<AtlasFigures.Head> a, List<AtlasFigures.Head> b) {
        Map<HeadId, AtlasFigures.Head> others =
                b.stream().collect(Collectors.toMap(AtlasFigures.Head::id, head -> head));
        boolean same = a.stream()
                .map(AtlasFigures.Head::id)
                .collect(Collectors.toSet())
                .equals(others.keySet());
        List<Pair> pairs = new ArrayList<>();
        for (AtlasFigures.Head head : a) {
            AtlasFigures.Head other = others.get(head.id());
            if (same && other != null) {
                pairs.add(new Pair(head, other));
            }
        }
        return new LabelComparison(pairs);
    }

    /** What a head is called: its labels, or how its attention is spread where it has none. */
    static List<String> words(AtlasFigures.Head head) {
        return head.labels().isEmpty()
                ? List.of(head.specialisation().key())
                : head.labels().stream().map(AtlasLabel::title).toList();
    }

    List<Pair> differing() {
        return heads.stream().filter(Pair::differs).toList();
    }

    /** The words of a side that are there at all: labels in their order, then kinds of attention without one. */
    List<String> names(boolean first) {
        Set<String> found = heads.stream()
                .flatMap(pair -> words(first ? pair.a : pair.b).stream())
                .collect(Collectors.toSet());
        Set<String> ordered = new LinkedHashSet<>();
        for (AtlasLabel label : AtlasLabel.values()) {
            ordered.add(label.title());
        }
        for (Specialisation kind : Specialisation.values()) {
            ordered.add(kind.key());
        }
        return ordered.stream().filter(found::contains).toList();
    }

    /** How many heads have a word in A and another, or the same, in B. A head with several counts for each. */
    Map<String, Map<String, Integer>> counts() {
        Map<String, Map<String, Integer>> counts = new LinkedHashMap<>();
        for (Pair pair : heads) {
            for (String a : words(pair.a)) {
                for (String b : words(pair.b)) {
                    counts.computeIfAbsent(a, none -> new LinkedHashMap<>()).merge(b, 1, Integer::sum);
                }
            }
        }
        return counts;
    }

    /** The text of the table of heads, counted from 0; labels are separated by semicolons. */
    public String csv() {
        return "layer,head,labels_a,specialisation_a,labels_b,specialisation_b\n"
                + heads.stream()
                        .map(pair -> pair.id().layer() + "," + pair.id().head() + "," + cells(pair.a) + ","
                                + cells(pair.b) + "\n")
                        .collect(Collectors.joining());
    }

    private static String cells(AtlasFigures.Head head) {
        return head.labels().stream().map(AtlasLabel::key).collect(Collectors.joining(";")) + ","
                + head.specialisation().key();
    }
}

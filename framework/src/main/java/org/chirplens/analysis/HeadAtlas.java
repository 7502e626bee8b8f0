package org.chirplens.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.chirplens.model.HeadId;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.statistics.Estimate;
import org.chirplens.statistics.Terms;

/**
 * What each head of a model looks at, with what certainty.
 *
 * @param images how many it was looked at with
 * @param areas which part of the images each region has, in the order of {@link org.chirplens.figure.FigureRegion}
 * @param heads heads of layer 0 first
 */
public record HeadAtlas(int images, double[] areas, List<AtlasEntry> heads) {
    /** Statistics of so many heads without each image are in memory at once, 280 bytes for each head and image. */
    private static final int HEADS_AT_ONCE = 16;

    public HeadAtlas {
        heads = List.copyOf(heads);
    }

    /**
     * Draws the conclusions.
     *
     * @param nulls of these images, or of all images of which these are a half
     * @param untrained statistics of the heads of an untrained model, see {@link AtlasObservations#statistics()}
     */
    static HeadAtlas of(
            AtlasObservations observed, AtlasNulls nulls, double[][] untrained, int numHeads, AtlasSettings settings) {
        Terms terms = observed.terms();
        double[] sums = observed.sums();
        RegionShares regions = new RegionShares().of(sums, 0);
        double[] areas = regions.areas();
        List<List<Estimate>> estimates = estimates(observed, terms, sums);
        double[] reached = largest(untrained);
        List<AtlasEntry> heads = new ArrayList<>();
        for (int head = 0; head < observed.heads(); head++) {
            List<Estimate> of = estimates.get(head);
            List<AtlasEntry.Evidence> evidence =
                    evidence(of, areas, nulls.thresholds(head), reached, observed.tokens());
            heads.add(profile(new HeadId(head / numHeads, head % numHeads), of, evidence, settings));
        }
        return new HeadAtlas(observed.images(), areas, heads);
    }

    private static AtlasEntry profile(
            HeadId head, List<Estimate> of, List<AtlasEntry.Evidence> evidence, AtlasSettings settings) {
        List<AtlasLabel> labels = evidence.stream()
                .filter(one -> one.suffices(settings))
                .sorted(Comparator.comparingDouble(one -> -one.share().value()))
                .map(AtlasEntry.Evidence::label)
                .toList();
        Estimate entropy = of.get(AtlasObservations.STAT_ENTROPY);
        double[] parts = IntStream.range(0, RegionShares.REGIONS)
                .mapToDouble(r -> of.get(AtlasObservations.STAT_PARTS + r).value())
                .toArray();
        return new AtlasEntry(
                head,
                evidence,
                labels,
                Specialisation.of(labels, entropy.value() >= settings.diffuseEntropy()),
                parts,
                entropy,
                of.get(AtlasObservations.STAT_DISTANCE),
                of.get(AtlasObservations.STAT_EFFECTIVE),
                of.get(AtlasObservations.STAT_AUC),
                of.get(AtlasObservations.STAT_OVERLAP),
                of.get(AtlasObservations.STAT_CHANGE));
    }

    private static List<AtlasEntry.Evidence> evidence(
            List<Estimate> of, double[] areas, double[][] thresholds, double[] untrained, int tokens) {
        double toPatches = 1 - of.get(AtlasLabel.CLS.ordinal()).value();
        List<AtlasEntry.Evidence> evidence = new ArrayList<>();
        int place = 0;
        for (AtlasLabel label : AtlasLabel.values()) {
            Estimate share = of.get(label.ordinal());
            double reached = untrained[label.ordinal()];
            if (label.isPlace()) {
                double uniform = AtlasObservations.share(label, areas) * (tokens - 1) / tokens;
                evidence.add(new AtlasEntry.Evidence(
                        label,
                        share,
                        uniform,
                        toPatches * thresholds[0][place],
                        toPatches * thresholds[1][place],
                        reached));
                place++;
            } else {
                evidence.add(new AtlasEntry.Evidence(label, share, 1.0 / tokens, Double.NaN, 0, reached));
            }
        }
        return evidence;
    }

    /** The largest of all heads, [statistics]. */
    private static double[] largest(double[][] heads) {
        return IntStream.range(0, AtlasObservations.STATISTICS)
                .mapToDouble(s -> {
                    double largest = 0;
                    for (double[] head : heads) {
                        largest = Math.max(largest, head[s]);
                    }
                    return largest;
                })
                .toArray();
    }

    /** The statistics of all heads with their intervals, [heads][statistics]. */
    private static List<List<Estimate>> estimates(AtlasObservations observed, Terms terms, double[] sums) {
        double[][] values = observed.statistics();
        double[][] draws = Bootstrap.STANDARD.sums(terms); // [fields][draws]
        List<List<Estimate>> estimates = new ArrayList<>();
        for (int first = 0; first < observed.heads(); first += HEADS_AT_ONCE) {
            int heads = Math.min(HEADS_AT_ONCE, observed.heads() - first);
            estimates.addAll(estimates(values, terms, sums, draws, first, heads));
        }
        return estimates;
    }

    private static List<List<Estimate>> estimates(
            double[][] values, Terms terms, double[] sums, double[][] draws, int first, int heads) {
        int n = terms.images();
        double[][][] drawn = new double[heads][AtlasObservations.STATISTICS][draws[0].length];
        IntStream.range(0, draws[0].length).parallel().forEach(b -> {
            double[] of = new double[draws.length];
            for (int f = 0; f < of.length; f++) {
                of[f] = draws[f][b];
            }
            put(of, n, first, drawn, b);
        });
        double[][][] without = new double[heads][AtlasObservations.STATISTICS][n];
        IntStream.range(0, n).parallel().forEach(i -> {
            double[] row = new double[sums.length];
            terms.put(i, 0, row);
            for (int f = 0; f < row.length; f++) {
                row[f] = sums[f] - row[f];
            }
            put(row, n - 1, first, without, i);
        });
        return IntStream.range(0, heads)
                .mapToObj(head -> IntStream.range(0, AtlasObservations.STATISTICS)
                        .mapToObj(s -> Estimate.of(values[first + head][s], drawn[head][s], without[head][s]))
                        .toList())
                .toList();
    }

    private static void put(double[] sums, int images, int first, double[][][] into, int column) {
        RegionShares regions = new RegionShares().of(sums, 0);
        for (int head = 0; head < into.length; head++) {
            double[] of = AtlasObservations.statistics(regions, sums, first + head, images);
            for (int s = 0; s < of.length; s++) {
                into[head][s][column] = of[s];
            }
        }
    }

    /** The heads that have a label. */
    public List<AtlasEntry> with(AtlasLabel label) {
        return heads.stream().filter(head -> head.labels().contains(label)).toList();
    }

    /** How many heads are specialised so. */
    public long count(Specialisation specialisation) {
        return heads.stream()
                .filter(head -> head.specialisation() == specialisation)
                .count();
    }

    /** The profile of a head. */
    public AtlasEntry of(HeadId id) {
        return heads.stream()
                .filter(profile -> profile.head().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + id.title() + " in the atlas"));
    }

    /**
     * How far two atlases give the same labels.
     *
     * @param share of heads that have the same labels in both
     * @param kappa the same beyond chance: 0 for none, 1 for all (Cohen 1960); NaN when all heads of both have the same labels
     * @param labelled heads that have a label in either
     * @param sameLabels of these, those that have the same labels in both
     */
    public record Agreement(double share, double kappa, int labelled, int sameLabels) {}

    /** Compares the labels with those of another atlas of as many heads. */
    public Agreement agreement(HeadAtlas other) {
        Map<List<AtlasLabel>, int[]> counts = new HashMap<>();
        int same = 0;
        int labelled = 0;
        int sameLabels = 0;
        for (int head = 0; head < heads.size(); head++) {
            List<AtlasLabel> mine = sorted(heads.get(head));
            List<AtlasLabel> others = sorted(other.heads.get(head));
            boolean equal = mine.equals(others);
            same += equal ? 1 : 0;
            if (!mine.isEmpty() || !others.isEmpty()) {
                labelled++;
                sameLabels += equal ? 1 : 0;
            }
            counts.computeIfAbsent(mine, labels -> new int[2])[0]++;
            counts.computeIfAbsent(others, labels -> new int[2])[1]++;
        }
        double n = heads.size();
        double chance = counts.values().stream()
                .mapToDouble(count -> count[0] / n * (count[1] / n))
                .sum();
        return new Agreement(same / n, (same / n - chance) / (1 - chance), labelled, sameLabels);
    }

    private static List<AtlasLabel> sorted(AtlasEntry profile) {
        return profile.labels().stream().sorted().toList();
    }
}

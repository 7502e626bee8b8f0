package org.chirplens.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.chirplens.dataset.ProgressListener;
import org.chirplens.dataset.Selection;
import org.chirplens.model.HeadId;

/**
 * What two heads do together beyond what each does alone: the increase of the loss when both are ablated, less the sum of
 * both increases. Above 0 they back each other up, or one of them is needed for what the other is for only when it is missing; below 0
 * they do parts of one thing.
 *
 * @param joint what ablating both adds to the loss of each image [images]
 * @param sum what ablating each alone adds, added up [images]
 */
public record PairInteraction(HeadId first, HeadId second, double[] joint, double[] sum) {
    /** Joint less sum, for each image. */
    public double[] interactions() {
        return IntStream.range(0, joint.length)
                .mapToDouble(i -> joint[i] - sum[i])
                .toArray();
    }

    /**
     * Measures all pairs among the most important heads.
     *
     * @param heads all heads
     * @param importance of each of them, say its loss increase
     * @param most how many heads to take, at least 2; they have {@code most (most - 1) / 2} pairs
     * @param progress counts pairs of set and image
     */
    public static List<PairInteraction> measure(
            JointAblation joint,
            Selection images,
            List<HeadId> heads,
            double[] importance,
            int most,
            ProgressListener progress) {
        List<HeadId> chosen = IntStream.range(0, heads.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -importance[i]))
                .limit(most)
                .map(heads::get)
                .toList();
        List<Set<HeadId>> sets = new ArrayList<>();
        chosen.forEach(head -> sets.add(Set.of(head)));
        List<HeadId[]> pairs = new ArrayList<>();
        for (int i = 0; i < chosen.size(); i++) {
            for (int j = 0; j < i; j++) {
                pairs.add(new HeadId[] {chosen.get(j), chosen.get(i)});
                sets.add(Set.of(chosen.get(j), chosen.get(i)));
            }
        }
        JointAblation.Outcome outcome = joint.run(images, sets, progress);
        List<PairInteraction> found = new ArrayList<>();
        for (int p = 0; p < pairs.size(); p++) {
            HeadId[] pair = pairs.get(p);
            double[] a = outcome.lossIncreases(chosen.indexOf(pair[0]));
            double[] b = outcome.lossIncreases(chosen.indexOf(pair[1]));
            double[] sum =
                    IntStream.range(0, a.length).mapToDouble(i -> a[i] + b[i]).toArray();
            found.add(new PairInteraction(pair[0], pair[1], outcome.lossIncreases(chosen.size() + p), sum));
        }
        return found;
    }
}

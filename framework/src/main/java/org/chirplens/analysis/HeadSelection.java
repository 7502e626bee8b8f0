package org.chirplens.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.chirplens.model.HeadId;
import org.chirplens.statistics.MultipleTesting;
import org.chirplens.statistics.MultipleTesting.PValue;

/**
 * The most important heads, chosen on some images and reported on others: a head that is chosen because its effect is large
 * looks better on the images that chose it than on new ones.
 *
 * @param chosen the most important heads first, by the images that chose
 */
public record HeadSelection(List<Chosen> chosen) {
    /**
     * A head.
     *
     * @param increasePercent its pooled loss increase on the images that chose it
     * @param effect its pooled effect on the other images
     * @param signFlip test of that effect, adjusted over the chosen heads alone
     */
    public record Chosen(double increasePercent, HeadEffect effect, PValue signFlip) {}

    public HeadSelection {
        chosen = List.copyOf(chosen);
    }

    /**
     * Chooses by the first images of an ablation and reports on the others.
     *
     * @param choosing number of images that choose, at least 1; at least 2 must be left
     * @param count number of heads to choose, at least 1; all where there are fewer
     */
    public static HeadSelection of(HeadAblation ablation, int choosing, int count) {
        int images = ablation.labels().length;
        if (choosing < 1 || choosing > images - 2) {
            throw new IllegalArgumentException("images that choose heads must be at least 1 and leave at least 2 of "
                    + images + ", found " + choosing);
        }
        if (count < 1) {
            throw new IllegalArgumentException("heads to choose must be at least 1, found " + count);
        }
        HeadAblation first = ablation.onImages(IntStream.range(0, choosing).toArray());
        HeadStatistics others = HeadStatistics.of(
                ablation.onImages(IntStream.range(choosing, images).toArray()));
        List<HeadId> heads = first.heads().stream()
                .sorted(Comparator.comparingDouble((HeadId head) -> -first.lossIncreasePercent(head)))
                .limit(count)
                .toList();
        PValue[] tests = MultipleTesting.family(heads.stream()
                .mapToDouble(head -> others.effect(head).signFlip().raw())
                .toArray());
        List<Chosen> chosen = new ArrayList<>();
        for (int i = 0; i < heads.size(); i++) {
            HeadId head = heads.get(i);
            chosen.add(new Chosen(first.lossIncreasePercent(head), others.effect(head), tests[i]));
        }
        return new HeadSelection(chosen);
    }
}

package org.chirplens.report;

import java.util.ArrayList;
import java.util.List;
import org.chirplens.analysis.Protocol;

/** Importance of every head, a map of layers by heads for each value of an axis, all in one colour scale. */
final class SweepHeatMaps {
    private static final String TITLE = "Loss increase when one head is ablated";

    private final SweepAxis axis;
    private final List<SweepTrial.Heads> heads;
    private final int layers;
    private final int perLayer;
    private final List<double[]> means;

    private SweepHeatMaps(SweepAxis axis, List<SweepTrial.Heads> heads) {
        this.axis = axis;
        this.heads = heads;
        this.layers = heads.get(0).numLayers();
        this.perLayer = heads.get(0).numHeads();
        this.means = means();
    }

    /**
     * Draws a map for each value of the axis: the mean over its trials.
     *
     * @param axis of these trials
     * @param heads of each trial, by one protocol and of models of one size
     */
    static Figure draw(SweepAxis axis, List<SweepTrial.Heads> heads) {
        return new SweepHeatMaps(axis, heads).draw();
    }

    private List<double[]> means() {
        List<double[]> all = new ArrayList<>();
        for (int g = 0; g < axis.distinct().length; g++) {
            List<Integer> trials = axis.group(g);
            double[] mean = new double[layers * perLayer];
            for (int i : trials) {
                for (int h = 0; h < mean.length; h++) {
                    mean[h] += heads.get(i).increases()[h] / trials.size();
                }
            }
            all.add(mean);
        }
        return all;
    }

    private Figure draw() {
        List<HeadMaps.Map> maps = new ArrayList<>();
        for (int g = 0; g < means.size(); g++) {
            int trials = axis.group(g).size();
            String title = axis.title() + " " + SweepAxis.text(axis.distinct()[g]);
            maps.add(new HeadMaps.Map(trials > 1 ? title + " (" + trials + ")" : title, means.get(g)));
        }
        return new HeadMaps(layers, perLayer, maps, "loss increase (%)")
                .draw(
                        TITLE,
                        heads.get(0).protocol() + " · mean over the trials of each " + axis.title()
                                + " · one colour scale",
                        TITLE + " by " + axis.title(),
                        caption(),
                        description());
    }

    private String caption() {
        return "Each cell is one head, with the relative growth of the loss when it is ablated" + damage()
                + ", as the mean over the"
                + " trials of one " + axis.title()
                + " (their number in brackets); all maps share the colours of the bar.";
    }

    private String damage() {
        boolean cumulative = heads.stream().anyMatch(one -> one.protocol().startsWith(Protocol.RELEASED.key()));
        return cumulative ? " after all heads before it, whose damage adds up" : " alone";
    }

    private String description() {
        StringBuilder text =
                new StringBuilder(means.size() + " heat maps of " + layers + " layers by " + perLayer + " heads.");
        for (int g = 0; g < means.size(); g++) {
            int most = HeadMaps.largest(means.get(g));
            text.append(" At " + axis.title() + " " + SweepAxis.text(axis.distinct()[g])
                    + " the loss grows the most without layer "
                    + (most / perLayer + 1) + ", head " + (most % perLayer + 1) + ": "
                    + NumberText.signedPercent(means.get(g)[most]) + ".");
        }
        return text.toString();
    }
}

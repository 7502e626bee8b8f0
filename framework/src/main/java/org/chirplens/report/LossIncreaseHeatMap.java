package org.chirplens.report;

import java.util.List;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.model.HeadId;

/** How much the loss grows with each head ablated, layers by heads, as Figure 4 of the paper. */
public final class LossIncreaseHeatMap {
    private static final double LEFT = 78;
    private static final double TOP = 66;
    private static final double BAR_GAP = 26;
    private static final String TITLE = "Loss increase when one head is ablated";

    private final HeadAblation ablation;
    private final double[] increases;
    private final ColourMap colours;
    private final double cellWidth;
    private final double cellHeight;

    private LossIncreaseHeatMap(HeadAblation ablation) {
        this.ablation = ablation;
        this.increases = ablation.lossIncreasesPercent();
        this.colours = ColourMap.covering(increases);
        this.cellWidth = Math.max(60, Math.min(110, 780.0 / ablation.numHeads()));
        this.cellHeight = Math.max(36, Math.min(70, 460.0 / ablation.numLayers()));
    }

    /** Draws the map with the last layer on top, as the paper does. */
    public static Figure draw(HeadAblation ablation) {
        return new LossIncreaseHeatMap(ablation).draw();
    }

    private Figure draw() {
        double right = LEFT + ablation.numHeads() * cellWidth;
        double bottom = TOP + ablation.numLayers() * cellHeight;
        Canvas canvas = new Canvas(Math.max(470, right + BAR_GAP + ColourBar.ROOM), bottom + 56);
        canvas.heading(TITLE, subtitle(), 20);
        canvas.rect(LEFT - 0.5, TOP - 0.5, right - LEFT + 1, bottom - TOP + 1, Palette.GRID);
        for (HeadId id : ablation.heads()) {
            cell(canvas, id);
        }
        axes(canvas, bottom);
        ColourBar.draw(
                canvas, colours, right + BAR_GAP, TOP, Math.rint(Math.max(bottom - TOP, 120)), "loss increase (%)");
        return canvas.finish(TITLE, caption(), description());
    }

    private String subtitle() {
        String cumulative = ablation.isCumulative() ? " (damage adds up)" : "";
        return ablation.protocol() + cumulative + " · " + ablation.labels().length
                + " images · loss of the whole model " + NumberText.significant(ablation.baselineLoss(), 3);
    }

    private void cell(Canvas canvas, HeadId id) {
        double value = increases[id.layer() * ablation.numHeads() + id.head()];
        double x = LEFT + id.head() * cellWidth;
        double y = TOP + (ablation.numLayers() - 1 - id.layer()) * cellHeight;
        int colour = colours.of(value);
        canvas.rect(x + 0.5, y + 0.5, cellWidth - 1, cellHeight - 1, colour);
        // Two decimals say nothing where the scale is in tens; one rule for all cells keeps them comparable.
        String text = annotation(value, colours.isLogarithmic() ? colours.linear() : colours.high());
        TextStyle style = TextStyle.LABEL.middle().coloured(Palette.readableOn(colour));
        double fitting = style.size() * Math.min(1, (cellWidth - 8) / style.width(text));
        canvas.text(text, x + cellWidth / 2, y + cellHeight / 2 + style.centring(), style.sized(fitting));
    }

    /** The text of a cell: percent, with as many decimals as the largest value of the map makes sensible. */
    static String annotation(double value, double high) {
        return number(value, high) + " %";
    }

    /** The number of that text. */
    static String number(double value, double high) {
        return !Double.isFinite(value) || Math.abs(value) >= 1e5
                ? NumberText.percentNumber(value)
                : NumberText.fixed(value, high >= 1000 ? 0 : high >= 1 ? 1 : 2);
    }

    private void axes(Canvas canvas, double bottom) {
        TextStyle tick = TextStyle.TICK;
        for (int head = 0; head < ablation.numHeads(); head++) {
            canvas.text(String.valueOf(head + 1), LEFT + (head + 0.5) * cellWidth, bottom + 17, tick.middle());
        }
        for (int layer = 0; layer < ablation.numLayers(); layer++) {
            double y = TOP + (ablation.numLayers() - layer - 0.5) * cellHeight;
            canvas.text(String.valueOf(layer + 1), LEFT - 8, y + tick.centring(), tick.end());
        }
        canvas.text("head", LEFT + ablation.numHeads() * cellWidth / 2, bottom + 40, TextStyle.LABEL.middle());
        canvas.text("layer", 38, (TOP + bottom) / 2, TextStyle.LABEL.middle().turned());
    }

    private String caption() {
        if (ablation.isCumulative()) {
            return "Each cell is one head, with the relative growth of the loss as the published code measures it: with a"
                    + " weight row of every head before it zeroed too and never restored, so that the damage adds up from"
                    + " layer to layer and head to head. It does not show how much the model depends on a head.";
        }
        return "Each cell is one head, with the relative growth of the loss when it alone is ablated: the darker the"
                + " orange, the more the model depends on it; blue marks heads without which the loss is lower.";
    }

    private String description() {
        List<HeadId> heads = HeadRanking.of(ablation);
        HeadId most = heads.get(0);
        HeadId least = heads.get(heads.size() - 1);
        return "A heat map of " + ablation.numLayers() + " layers by " + ablation.numHeads()
                + " heads. The loss grows the most, by " + percent(most) + ", without " + most.title()
                + "; it changes by " + percent(least) + " without " + least.title() + ".";
    }

    private String percent(HeadId id) {
        return NumberText.signedPercent(ablation.lossIncreasePercent(id));
    }
}

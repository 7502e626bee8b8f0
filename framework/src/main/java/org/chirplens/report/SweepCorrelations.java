package org.chirplens.report;

import org.chirplens.analysis.TrialAgreement;

/** How far every two trials agree on which heads matter, as a matrix; trials of one value of the axis stand together. */
final class SweepCorrelations {
    private static final double TOP = 66;
    private static final int ANNOTATED = 20;
    private static final String TITLE = "Do trials agree on which heads matter?";
    private static final Stroke BORDER = Stroke.of(Palette.TEXT, 1.25);

    private final SweepAxis axis;
    private final TrialAgreement agreement;
    private final ColourMap colours = new ColourMap(-1, 1);
    private final int n;
    private final double cell;

    private SweepCorrelations(SweepAxis axis, TrialAgreement agreement) {
        this.axis = axis;
        this.agreement = agreement;
        this.n = agreement.spearman().length;
        this.cell = Math.max(9, Math.min(60, Math.max(n <= ANNOTATED ? 30 : 9, 560.0 / n)));
    }

    /**
     * Draws the matrix.
     *
     * @param axis of these trials, in their order
     * @param agreement of the trials, those of equal values next to each other
     */
    static Figure draw(SweepAxis axis, TrialAgreement agreement) {
        return new SweepCorrelations(axis, agreement).draw();
    }

    private Figure draw() {
        double widest = 0;
        for (double value : axis.distinct()) {
            widest = Math.max(widest, TextStyle.LABEL.width(SweepAxis.text(value)));
        }
        double left = 48 + widest;
        double side = n * cell;
        double barHeight = Math.max(120, Math.min(side, 320));
        Canvas canvas =
                new Canvas(Math.max(560, left + side + 28 + ColourBar.ROOM), TOP + Math.max(side, barHeight) + 56);
        canvas.heading(TITLE, "rank correlation of the loss increases over all heads · " + n + " trials", 20);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                cell(canvas, left, i, j);
            }
        }
        groups(canvas, left, side);
        ColourBar.draw(canvas, colours, left + side + 28, TOP, Math.rint(barHeight), "rank correlation");
        return canvas.finish(TITLE, caption(), description());
    }

    private void cell(Canvas canvas, double left, int row, int column) {
        double value = agreement.spearman()[row][column];
        double x = left + column * cell;
        double y = TOP + row * cell;
        int colour = colours.of(value);
        canvas.rect(x + 0.5, y + 0.5, cell - 1, cell - 1, colour);
        if (n <= ANNOTATED && row != column) {
            TextStyle style = TextStyle.TICK.middle().coloured(Palette.readableOn(colour));
            String text = NumberText.fixed(value, 2);
            double size = style.size() * Math.min(1, (cell - 4) / style.width(text));
            canvas.text(text, x + cell / 2, y + cell / 2 + style.centring(), style.sized(size));
        }
    }

    /** A frame about the trials of each value, with the value beside and below. */
    private void groups(Canvas canvas, double left, double side) {
        int from = 0;
        double labelled = Double.NEGATIVE_INFINITY;
        for (int g = 0; g < axis.distinct().length; g++) {
            double length = axis.group(g).size() * cell;
            double at = from * cell;
            canvas.frame(left + at, TOP + at, length, length, BORDER);
            String text = SweepAxis.text(axis.distinct()[g]);
            double middle = at + length / 2;
            double half = Math.max(TextStyle.LABEL.width(text), TextStyle.LABEL.size()) / 2;
            // Where groups are narrow, not every label has room.
            if (middle - half > labelled + 4) {
                canvas.text(text, left + middle, TOP + side + 18, TextStyle.LABEL.middle());
                canvas.text(text, left - 10, TOP + middle + TextStyle.LABEL.centring(), TextStyle.LABEL.end());
                labelled = middle + half;
            }
            from += axis.group(g).size();
        }
        canvas.text(axis.title(), left + side / 2, TOP + side + 40, TextStyle.LABEL.middle(), side);
        canvas.text(axis.title(), 28, TOP + side / 2, TextStyle.LABEL.middle().turned(), side);
    }

    private String caption() {
        return "Each cell compares two trials: 1 (dark) when they put all heads in the same order of importance, 0 (white)"
                + " when the orders have nothing in common. The frames hold the trials of one " + axis.title() + ".";
    }

    private String description() {
        TrialAgreement.Spread within = agreement.within();
        TrialAgreement.Spread between = agreement.between();
        return "A matrix of " + n + " by " + n + " rank correlations; mean " + NumberText.fixed(within.mean(), 2)
                + " over " + within.pairs() + " pairs of one " + axis.title() + ", "
                + NumberText.fixed(between.mean(), 2) + " over " + between.pairs() + " pairs of different ones.";
    }
}

package org.chirplens.report;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.chirplens.dataset.Target;
import org.chirplens.training.EpochRecord;

/** How the loss and the correlation of each target went, epoch by epoch. */
public final class TrainingCurves {
    private static final double TOP = 104;
    private static final double HEIGHT = 280;
    private static final double WIDTH = 400;
    private static final double MARGIN = 16;
    private static final double RIGHT_AXIS = 78;
    private static final double LOG_FROM = 15;
    private static final String TITLE = "Training";

    private final List<Target> targets;
    private final List<EpochRecord> history;
    private final String choosing;
    private final int axesEpochs;
    private final double[] epochs;
    private final EpochRecord best;
    private final double top;

    private TrainingCurves(List<Target> targets, List<EpochRecord> history, String choosing, int axesEpochs) {
        this.targets = targets;
        this.history = history;
        this.choosing = choosing;
        this.axesEpochs = axesEpochs;
        this.epochs = each(EpochRecord::epoch);
        this.best = history.stream()
                .filter(record -> record.epoch() > axesEpochs
                        && Double.isFinite(record.validation().mse()))
                .min(Comparator.comparingDouble(record -> record.validation().mse()))
                .orElse(history.get(history.size() - 1));
        this.top = TOP + Panel.legendHeight(WIDTH, targetKeys());
    }

    /**
     * Draws loss (left) and Pearson's r (right) by epoch.
     *
     * @param targets what the metrics of each epoch are of
     * @param choosing which images they were measured on: {@code validation}, or {@code test} where those chose the epoch
     * @param axesEpochs first epochs that saw the patches of the axes alone; none of them is the best
     * @throws IllegalArgumentException when there is no epoch
     */
    public static Figure draw(List<Target> targets, List<EpochRecord> history, String choosing, int axesEpochs) {
        if (history.isEmpty()) {
            throw new IllegalArgumentException("history must have at least 1 epoch, found none");
        }
        return new TrainingCurves(targets, history, choosing, axesEpochs).draw();
    }

    private Figure draw() {
        Scale losses = lossScale();
        Scale correlations = correlationScale();
        double left = MARGIN + Panel.axisRoom(losses, HEIGHT);
        double second = left + WIDTH + RIGHT_AXIS + 24 + Panel.axisRoom(correlations, HEIGHT);
        Canvas canvas = new Canvas(second + WIDTH + MARGIN + 8, top + HEIGHT + 58);
        canvas.heading(
                TITLE,
                "best epoch " + best.epoch() + " of " + history.size() + " · " + choosing + " loss "
                        + NumberText.significant(best.validation().mse(), 3) + " · "
                        + NumberText.duration(
                                DoubleStream.of(each(EpochRecord::seconds)).sum())
                        + (axesEpochs > 0 ? " · axes alone up to epoch " + axesEpochs : ""),
                MARGIN + 4);
        loss(canvas, losses, left);
        correlation(canvas, correlations, second);
        return canvas.finish(
                TITLE,
                "Left, the loss (mean squared error of standardised labels) on training and " + choosing
                        + " images, with the learning rate in grey; right, how well each prediction follows the truth (Pearson's r, 1 is"
                        + " perfect); the dashed line marks the epoch whose model was kept."
                        + (axesEpochs > 0
                                ? " Up to epoch " + axesEpochs + " images were no more than the patches of their axes."
                                : ""),
                description());
    }

    private void loss(Canvas canvas, Scale y, double left) {
        Panel panel = new Panel(canvas, left, top, WIDTH, HEIGHT, epochScale(), y);
        double[] rates = each(EpochRecord::learningRate);
        if (DoubleStream.of(rates).allMatch(rate -> rate > 0 && Double.isFinite(rate))) {
            Scale scale = Scale.logCovering(
                    DoubleStream.of(rates).min().orElse(1) / 2,
                    DoubleStream.of(rates).max().orElse(1) * 2);
            panel.line(epochs, rates, scale, Stroke.of(Palette.BASELINE, 1.25));
            panel.rightAxis(scale, "learning rate", Palette.BASELINE);
        }
        markBest(canvas, panel);
        curve(panel, each(EpochRecord::trainLoss), 0);
        curve(panel, each(record -> record.validation().mse()), 1);
        panel.lowerAxis("epoch", true);
        panel.leftAxis("loss (standardised MSE)", true);
        Panel.legend(
                canvas,
                left,
                top - 20,
                WIDTH,
                List.of(
                        new Panel.Key("training", Palette.line(0, 2)),
                        new Panel.Key(choosing, Palette.line(1, 2)),
                        new Panel.Key("learning rate", Stroke.of(Palette.BASELINE, 1.25))));
    }

    private void correlation(Canvas canvas, Scale y, double left) {
        Panel panel = new Panel(canvas, left, top, WIDTH, HEIGHT, epochScale(), y);
        markBest(canvas, panel);
        for (int t = 0; t < targets.size(); t++) {
            curve(panel, correlations(t), 2 + t);
        }
        panel.lowerAxis("epoch", true);
        panel.leftAxis("Pearson’s r, " + choosing, true);
        Panel.legend(canvas, left, TOP - 20, WIDTH, targetKeys());
    }

    private List<Panel.Key> targetKeys() {
        return IntStream.range(0, targets.size())
                .mapToObj(t -> new Panel.Key(targets.get(t).title(), Palette.line(2 + t, 2)))
                .toList();
    }

    private void curve(Panel panel, double[] values, int series) {
        panel.line(epochs, values, Palette.line(series, 1.75));
        if (epochs.length <= 40) {
            panel.dots(epochs, values, 2.25, Palette.series(series), 1);
        }
    }

    private void markBest(Canvas canvas, Panel panel) {
        double x = panel.atX(best.epoch());
        canvas.line(x, top, x, panel.bottom(), Stroke.of(Palette.AXIS, 1).dashed(Stroke.DASHED));
    }

    private Scale epochScale() {
        double first = epochs[0];
        double last = epochs[epochs.length - 1];
        return last > first ? Scale.whole(first, last) : Scale.whole(first - 1, first + 1);
    }

    private Scale lossScale() {
        double[] losses = DoubleStream.concat(
                        DoubleStream.of(each(EpochRecord::trainLoss)),
                        DoubleStream.of(each(record -> record.validation().mse())))
                .filter(Double::isFinite)
                .toArray();
        double min = DoubleStream.of(losses).min().orElse(0);
        double max = DoubleStream.of(losses).max().orElse(1);
        return min > 0 && max / min > LOG_FROM ? Scale.logCovering(min, max) : Scale.covering(0, max, 6);
    }

    private Scale correlationScale() {
        double min = IntStream.range(0, targets.size())
                .mapToObj(this::correlations)
                .flatMapToDouble(DoubleStream::of)
                .filter(Double::isFinite)
                .min()
                .orElse(0);
        return Scale.covering(Math.min(0, min), 1, 8);
    }

    private double[] correlations(int target) {
        return each(record -> record.validation().targets().get(target).pearsonR());
    }

    private double[] each(ToDoubleFunction<EpochRecord> value) {
        return history.stream().mapToDouble(value).toArray();
    }

    private String description() {
        EpochRecord first = history.get(Math.min(axesEpochs, history.size() - 1));
        StringBuilder text = new StringBuilder("The " + choosing + " loss goes from "
                + NumberText.significant(first.validation().mse(), 3) + " in epoch " + first.epoch() + " to "
                + NumberText.significant(best.validation().mse(), 3) + " in epoch " + best.epoch() + " of "
                + history.size() + "; there Pearson’s r is");
        for (int t = 0; t < targets.size(); t++) {
            double r = best.validation().targets().get(t).pearsonR();
            text.append(t == 0 ? " " : ", ")
                    .append(NumberText.fixed(r, 3) + " for the ")
                    .append(targets.get(t).title());
        }
        return text.append('.').toString();
    }
}

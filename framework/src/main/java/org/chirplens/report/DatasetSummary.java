package org.chirplens.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.report.SampleGrid.Sample;

/** A data set at a glance: how its labels are distributed, and some of its images, as Figure 2 of the paper. */
public final class DatasetSummary {
    private static final int MOST_BINS = 20;
    private static final int COLUMNS = 3;
    private static final double MARGIN = 20;
    private static final double TOP = 70;
    private static final double HEIGHT = 150;
    private static final double PITCH = HEIGHT + 70;
    private static final double GAP = 24;
    private static final String TITLE = "Labels and samples of the data";

    private final String name;
    private final List<Chirp> chirps;
    private final List<Sample> samples;

    private DatasetSummary(String name, List<Chirp> chirps, List<Sample> samples) {
        this.name = name;
        this.chirps = chirps;
        this.samples = samples;
    }

    /**
     * Draws histograms of every label column and, below them, the samples; 15 fill the three rows of the paper's figure.
     *
     * @param name the data set's
     * @throws IllegalArgumentException when there are no chirps
     */
    public static Figure draw(String name, List<Chirp> chirps, List<Sample> samples) {
        if (chirps.isEmpty()) {
            throw new IllegalArgumentException("chirps must have at least 1 chirp, found none");
        }
        return new DatasetSummary(name, chirps, samples).draw();
    }

    private Figure draw() {
        double below = TOP + 2 * PITCH - 6;
        double height = samples.isEmpty() ? below : below + SampleGrid.height(samples) + MARGIN;
        Canvas canvas = new Canvas(2 * MARGIN + SampleGrid.width(), height);
        canvas.heading(TITLE, name + " · " + NumberText.fixed(chirps.size(), 0) + " label rows", MARGIN);
        histogram(canvas, 0, "start time", "s", Chirp::startTimeSeconds);
        histogram(canvas, 1, "duration", "s", Chirp::durationSeconds);
        types(canvas, 2);
        histogram(canvas, 3, "start frequency", "Hz", Chirp::startFrequencyHz);
        histogram(canvas, 4, "end frequency", "Hz", Chirp::endFrequencyHz);
        histogram(canvas, 5, "frequency change", "Hz", DatasetSummary::change);
        if (!samples.isEmpty()) {
            SampleGrid.draw(canvas, samples, MARGIN, below);
        }
        return canvas.finish(
                TITLE,
                "Above, how many label rows have each value; below, sample images with their labels: start time, start"
                        + " frequency → end frequency.",
                description());
    }

    private static double change(Chirp chirp) {
        return chirp.endFrequencyHz() - chirp.startFrequencyHz();
    }

    private void histogram(Canvas canvas, int place, String label, String unit, ToDoubleFunction<Chirp> value) {
        double[] values = chirps.stream().mapToDouble(value).toArray();
        Bins bins = Bins.covering(
                DoubleStream.of(values).min().orElse(0),
                DoubleStream.of(values).max().orElse(1),
                MOST_BINS);
        double[] heights = Bins.steps(bins.counts(values));
        Scale counts = Scale.covering(0, DoubleStream.of(heights).max().orElse(1), 4);
        Panel panel = panel(canvas, place, Scale.linear(bins.from(), bins.to()), counts);
        canvas.area(
                DoubleStream.of(bins.edges()).map(panel::atX).toArray(),
                DoubleStream.of(heights).map(panel::atY).toArray(),
                Palette.BLUE,
                0.8);
        panel.lowerAxis(label + " (" + unit + ")", true);
        panel.leftAxis("rows", true);
    }

    /** A bar for linear and one for exponential chirps. */
    private void types(Canvas canvas, int place) {
        Panel panel = panel(canvas, place, Scale.linear(0, 2), Scale.linear(0, 100));
        List<String> names = List.of("linear", "exponential");
        for (int i = 0; i < names.size(); i++) {
            double share = 100 * share(ChirpShape.values()[i]);
            double left = panel.atX(i + 0.25);
            canvas.rect(
                    left,
                    panel.atY(share),
                    panel.atX(i + 0.75) - left,
                    panel.bottom() - panel.atY(share),
                    Palette.series(i));
            double middle = panel.atX(i + 0.5);
            canvas.text(names.get(i), middle, panel.bottom() + 17, TextStyle.TICK.middle());
            // In a bar that has room for it the number is clear of the grid.
            boolean inside = share > 15;
            canvas.text(
                    NumberText.fixed(share, 1) + " %",
                    middle,
                    panel.atY(share) + (inside ? 18 : -5),
                    TextStyle.TICK.middle().coloured(inside ? Palette.readableOn(Palette.series(i)) : Palette.QUIET));
        }
        canvas.line(panel.atX(0), panel.bottom(), panel.atX(2), panel.bottom(), Stroke.of(Palette.AXIS, 1));
        canvas.text("type", panel.atX(1), panel.bottom() + 37, TextStyle.LABEL.middle());
        panel.leftAxis("rows (%)", true);
    }

    private double share(ChirpShape shape) {
        return (double) chirps.stream().filter(chirp -> chirp.shape() == shape).count() / chirps.size();
    }

    private static Panel panel(Canvas canvas, int place, Scale x, Scale y) {
        double column = (canvas.width() - 2 * MARGIN + GAP) / COLUMNS;
        double room = Panel.axisRoom(y, HEIGHT);
        int row = place / COLUMNS;
        return new Panel(
                canvas, MARGIN + place % COLUMNS * column + room, TOP + row * PITCH, column - GAP - room, HEIGHT, x, y);
    }

    private String description() {
        String types = NumberText.fixed(100 * share(ChirpShape.EXPONENTIAL), 1);
        String shown =
                samples.isEmpty() ? "" : " " + samples.size() + " sample images: " + SampleGrid.words(samples) + ".";
        return "Histograms of the labels of " + chirps.size() + " chirps in " + name + ": start time "
                + range(Chirp::startTimeSeconds)
                + " s, duration " + range(Chirp::durationSeconds) + " s, start frequency "
                + range(Chirp::startFrequencyHz) + " Hz, end frequency " + range(Chirp::endFrequencyHz)
                + " Hz, change " + range(DatasetSummary::change) + " Hz; " + types + " % are exponential." + shown;
    }

    private String range(ToDoubleFunction<Chirp> value) {
        double min = chirps.stream().mapToDouble(value).min().orElse(0);
        double max = chirps.stream().mapToDouble(value).max().orElse(0);
        return NumberText.fixed(min, 1) + " to " + NumberText.fixed(max, 1);
    }
}

package org.chirplens.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.chirplens.dataset.Target;
import org.chirplens.report.ConditionErrors.Bin;
import org.chirplens.report.ConditionErrors.Errors;

/** How the error of each target depends on the noise and on the chirp: a row for each target, a column for each condition. */
public final class ErrorByCondition {
    private static final double MARGIN = 16;
    private static final double TOP = 100;
    private static final double COUNTS = 38;
    private static final double WIDTH = 206;
    private static final double HEIGHT = 150;
    private static final double GAP = 34;
    private static final double ROW = HEIGHT + 20;
    private static final double CAP = 3;
    private static final TextStyle COUNT = TextStyle.TICK.sized(9).middle();
    private static final String TITLE = "Error by noise and chirp";

    private final List<Target> targets;
    private final double[] overall;
    private final List<ConditionErrors> conditions;
    private final Scale[] errors;
    private final double left;

    private ErrorByCondition(List<Target> targets, double[] overall, List<ConditionErrors> conditions) {
        this.targets = targets;
        this.overall = overall;
        this.conditions = conditions;
        this.errors = IntStream.range(0, targets.size())
                .mapToObj(t -> Scale.covering(0, largest(t), 5))
                .toArray(Scale[]::new);
        this.left = MARGIN
                + Stream.of(errors)
                        .mapToDouble(scale -> Panel.axisRoom(scale, HEIGHT))
                        .max()
                        .orElse(0);
    }

    /**
     * Draws a panel for each target and condition; those of a target share their vertical axis.
     *
     * @param overall mean absolute error of each target over all images, in its unit
     * @param conditions at least one, each with errors of these targets
     */
    public static Figure draw(List<Target> targets, double[] overall, List<ConditionErrors> conditions) {
        if (conditions.isEmpty()) {
            throw new IllegalArgumentException("there must be at least 1 condition, found none");
        }
        return new ErrorByCondition(targets, overall, conditions).draw();
    }

    private double largest(int target) {
        return conditions.stream()
                .flatMap(condition -> condition.bins().stream())
                .map(bin -> bin.targets().get(target))
                .flatMapToDouble(e -> DoubleStream.of(
                        e.mean(), e.upperQuartile(), e.interval().high()))
                .filter(Double::isFinite)
                .max()
                .orElse(1);
    }

    private Figure draw() {
        List<Panel.Key> keys = keys();
        double columns = left + conditions.size() * (WIDTH + GAP) - GAP;
        double width = Math.max(columns, MARGIN + Panel.legendWidth(keys)) + MARGIN + 8;
        Canvas canvas = new Canvas(width, TOP + COUNTS + 14 + targets.size() * ROW + 40);
        canvas.heading(
                TITLE,
                "absolute error of each target · " + NumberText.fixed(images(conditions.get(0)), 0) + " images",
                MARGIN + 4);
        Panel.legend(canvas, MARGIN + 4, 70, width - 2 * MARGIN, keys);
        canvas.text("images", left - 8, TOP + COUNTS, TextStyle.TICK.end());
        for (int c = 0; c < conditions.size(); c++) {
            column(canvas, conditions.get(c), left + c * (WIDTH + GAP), c == 0);
        }
        return canvas.finish(
                TITLE,
                "Each column sorts the images by one condition; the grey bars on top say how many there are. Dots are mean"
                        + " absolute errors with 95 % intervals (BCa bootstrap over images); boxes hold the middle half of"
                        + " the errors, with a line at the median; the dashed line is the mean of all images.",
                description());
    }

    private static int images(ConditionErrors condition) {
        return condition.bins().stream().mapToInt(Bin::images).sum();
    }

    private static List<Panel.Key> keys() {
        List<Panel.Key> keys = new ArrayList<>();
        keys.add(new Panel.Key("mean and 95 % interval", Stroke.of(Palette.TEXT, 1.5)));
        keys.add(new Panel.Key(
                "middle half, median", Stroke.of(Palette.series(2), 9).faded(0.3)));
        keys.add(new Panel.Key("mean of all images", Stroke.of(Palette.AXIS, 1).dashed(Stroke.DASHED)));
        return keys;
    }

    private void column(Canvas canvas, ConditionErrors condition, double x, boolean first) {
        Scale range = range(condition);
        counts(canvas, condition, x, range);
        for (int t = 0; t < targets.size(); t++) {
            Panel panel = new Panel(canvas, x, TOP + COUNTS + 14 + t * ROW, WIDTH, HEIGHT, range, errors[t]);
            panel.line(
                    new double[] {range.min(), range.max()},
                    new double[] {overall[t], overall[t]},
                    Stroke.of(Palette.AXIS, 1).dashed(Stroke.DASHED));
            for (Bin bin : condition.bins()) {
                errors(canvas, panel, bin, bin.targets().get(t), Palette.series(2 + t));
            }
            panel.leftAxis(targets.get(t).titleWithUnit(), first);
            boolean labelled = t == targets.size() - 1;
            if (condition.condition().categories().isEmpty()) {
                panel.lowerAxis(condition.condition().titleWithUnit(), labelled);
            } else {
                categories(canvas, panel, condition, labelled);
            }
        }
    }

    private static Scale range(ConditionErrors condition) {
        List<String> names = condition.condition().categories();
        List<Bin> bins = condition.bins();
        return names.isEmpty()
                ? Scale.linear(bins.get(0).from(), bins.get(bins.size() - 1).to())
                : Scale.whole(0, names.size());
    }

    /** Bars with the number of images above the column. */
    private static void counts(Canvas canvas, ConditionErrors condition, double x, Scale range) {
        int most = condition.bins().stream().mapToInt(Bin::images).max().orElse(1);
        double bottom = TOP + COUNTS;
        for (Bin bin : condition.bins()) {
            double from = x + WIDTH * range.fraction(bin.from());
            double to = x + WIDTH * range.fraction(bin.to());
            double height = Math.max(1, (COUNTS - 13) * bin.images() / most);
            canvas.rect(from + 1, bottom - height, to - from - 2, height, Palette.BASELINE);
            canvas.text(count(bin.images()), (from + to) / 2, bottom - height - 3, COUNT);
        }
    }

    /** A number of images in at most four characters. */
    static String count(int images) {
        if (images < 1000) {
            return String.valueOf(images);
        }
        if (images < 9950) {
            return NumberText.fixed(images / 1e3, 1) + "k";
        }
        return images < 999_500 ? Math.round(images / 1e3) + "k" : Math.round(images / 1e6) + "M";
    }

    private static void errors(Canvas canvas, Panel panel, Bin bin, Errors errors, int rgb) {
        double width = panel.atX(bin.to()) - panel.atX(bin.from());
        double middle = panel.atX((bin.from() + bin.to()) / 2);
        double half = Math.min(14, width / 2 - 2);
        double top = panel.atY(errors.upperQuartile());
        double bottom = panel.atY(errors.lowerQuartile());
        canvas.area(
                new double[] {middle - half, middle + half, middle + half, middle - half},
                new double[] {top, top, bottom, bottom},
                rgb,
                0.3);
        double median = panel.atY(errors.median());
        canvas.line(middle - half, median, middle + half, median, Stroke.of(rgb, 1.5));
        if (errors.interval().isDefined()) {
            double low = panel.atY(errors.interval().low());
            double high = panel.atY(errors.interval().high());
            Stroke stroke = Stroke.of(Palette.TEXT, 1.25);
            canvas.line(middle, low, middle, high, stroke);
            canvas.line(middle - CAP, low, middle + CAP, low, stroke);
            canvas.line(middle - CAP, high, middle + CAP, high, stroke);
        }
        double[] x = {middle};
        canvas.dots(x, new double[] {panel.atY(errors.mean())}, 2.75, Palette.TEXT, 1);
    }

    private static void categories(Canvas canvas, Panel panel, ConditionErrors condition, boolean labelled) {
        List<String> names = condition.condition().categories();
        canvas.line(panel.atX(0), panel.bottom(), panel.atX(names.size()), panel.bottom(), Stroke.of(Palette.AXIS, 1));
        if (!labelled) {
            return;
        }
        for (int i = 0; i < names.size(); i++) {
            canvas.text(names.get(i), panel.atX(i + 0.5), panel.bottom() + 17, TextStyle.TICK.middle());
        }
        String label = condition.condition().titleWithUnit();
        canvas.text(label, panel.atX(names.size() / 2.0), panel.bottom() + 37, TextStyle.LABEL.middle());
    }

    private String description() {
        StringBuilder text = new StringBuilder("Mean absolute errors by condition, least to largest.");
        for (ConditionErrors condition : conditions) {
            text.append(" By " + condition.condition().titleWithUnit() + ":");
            for (int t = 0; t < targets.size(); t++) {
                int target = t;
                double[] means = condition.bins().stream()
                        .mapToDouble(bin -> bin.targets().get(target).mean())
                        .sorted()
                        .toArray();
                text.append((t == 0 ? " " : ", ") + targets.get(t).title() + " "
                        + NumberText.significant(means[0], 3) + " to "
                        + targets.get(t).withUnit(NumberText.significant(means[means.length - 1], 3)));
            }
            text.append('.');
        }
        return text.toString();
    }
}

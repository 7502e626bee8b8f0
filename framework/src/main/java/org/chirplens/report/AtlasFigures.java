package org.chirplens.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.chirplens.analysis.AtlasLabel;
import org.chirplens.analysis.Specialisation;
import org.chirplens.model.HeadId;

/** What each head looks at: a map of labels, and maps of shares of attention. */
public final class AtlasFigures {
    private static final double LEFT = 78;
    private static final double TOP = 66;
    private static final double SWATCH = 11;
    private static final String TITLE = "What each head looks at";

    private final int layers;
    private final int perLayer;
    private final List<Head> heads;
    private final double cellWidth;
    private final double cellHeight;

    /**
     * What is known of a head.
     *
     * @param labels the largest share first
     * @param words for each label, such as {@code frame left}
     * @param shares part of its attention that each label gets, in [0, 1]
     * @param change part of its attention that went elsewhere when the model was fine-tuned; NaN where that is not known
     */
    public record Head(
            HeadId id,
            List<AtlasLabel> labels,
            List<String> words,
            Specialisation specialisation,
            Map<AtlasLabel, Double> shares,
            double change) {
        public Head {
            labels = List.copyOf(labels);
            words = List.copyOf(words);
            shares = Map.copyOf(shares);
        }

        /** The colour of its labels: that of one; paler, of the first of several. */
        public int colour() {
            if (labels.isEmpty()) {
                return specialisation == Specialisation.DIFFUSE ? Palette.GRID : Palette.WHITE;
            }
            return ColourMap.mix(AtlasFigures.colour(labels.get(0)), Palette.WHITE, labels.size() > 1 ? 0.4 : 0);
        }
    }

    private AtlasFigures(List<Head> heads) {
        this.heads = heads;
        layers = 1 + heads.stream().mapToInt(head -> head.id().layer()).max().orElse(0);
        perLayer = 1 + heads.stream().mapToInt(head -> head.id().head()).max().orElse(0);
        cellWidth = Math.max(62, Math.min(110, 780.0 / perLayer));
        cellHeight = Math.max(30, Math.min(60, 420.0 / layers));
    }

    /** The figures by the names of their files. */
    public static Map<String, Figure> of(List<Head> heads, String subtitle) {
        Map<String, Figure> figures = new LinkedHashMap<>();
        AtlasFigures atlas = new AtlasFigures(heads);
        figures.put("atlas_labels", atlas.labels(subtitle));
        figures.put("atlas_shares", atlas.shares(subtitle));
        if (heads.stream().allMatch(head -> Double.isFinite(head.change()))) {
            figures.put("atlas_change", atlas.change(subtitle));
        }
        return figures;
    }

    static int colour(AtlasLabel label) {
        return switch (label) {
            case CHIRP -> Palette.VERMILION;
            case BACKGROUND -> Palette.SKY;
            case TITLE -> Palette.BLUE;
            case AXIS_LABELS -> Palette.GREEN;
            case TICK_LABELS -> Palette.ORANGE;
            case FRAME -> 0x882255;
            case COLOUR_BAR -> 0xf0e442;
            case MARGIN -> Palette.PURPLE;
            case CLS -> 0x332288;
            case SELF -> 0x777777;
        };
    }

    private Figure labels(String subtitle) {
        double right = LEFT + perLayer * cellWidth;
        double bottom = TOP + layers * cellHeight;
        double room = right - LEFT;
        List<Panel.Key> keys = keys();
        double legend = bottom + 66;
        Canvas canvas = new Canvas(Math.max(470, right + 20), legend + Panel.legendHeight(room, keys) + 18);
        canvas.heading(TITLE, subtitle, 20);
        canvas.rect(LEFT - 0.5, TOP - 0.5, right - LEFT + 1, bottom - TOP + 1, Palette.GRID);
        heads.forEach(head -> cell(canvas, head));
        axes(canvas, bottom);
        Panel.legend(canvas, LEFT, legend, room, keys);
        return canvas.finish(
                TITLE,
                "Each cell is one head in the colour of what it is named after: more of its attention goes there, with"
                        + " certainty, than shuffled positions, other images’ chirps or an untrained model would give. Two"
                        + " colours are two labels; diffuse heads look at everything alike, and of the white ones nothing"
                        + " can be said.",
                description());
    }

    private List<Panel.Key> keys() {
        List<Panel.Key> keys = new ArrayList<>();
        for (AtlasLabel label : AtlasLabel.values()) {
            if (heads.stream().anyMatch(head -> head.labels().contains(label))) {
                keys.add(new Panel.Key(label.title(), Stroke.of(colour(label), SWATCH)));
            }
        }
        keys.add(new Panel.Key("diffuse", Stroke.of(Palette.BASELINE, SWATCH)));
        return keys;
    }

    private void cell(Canvas canvas, Head head) {
        double x = LEFT + head.id().head() * cellWidth + 0.5;
        double y = TOP + (layers - 1 - head.id().layer()) * cellHeight + 0.5;
        if (head.labels().isEmpty()) {
            boolean diffuse = head.specialisation() == Specialisation.DIFFUSE;
            canvas.rect(x, y, cellWidth - 1, cellHeight - 1, diffuse ? Palette.BASELINE : Palette.WHITE);
        }
        double height = (cellHeight - 1) / Math.max(1, head.labels().size());
        for (int i = 0; i < head.labels().size(); i++) {
            int colour = colour(head.labels().get(i));
            canvas.rect(x, y + i * height, cellWidth - 1, height, colour);
            TextStyle style = TextStyle.LABEL.coloured(Palette.readableOn(colour));
            double room = cellWidth - 8;
            double size =
                    style.size() * Math.min(1, room / style.width(head.words().get(i)));
            TextStyle fitting = style.sized(Math.min(size, height - 3)).middle();
            canvas.text(
                    head.words().get(i), x + (cellWidth - 1) / 2, y + (i + 0.5) * height + fitting.centring(), fitting);
        }
    }

    private void axes(Canvas canvas, double bottom) {
        TextStyle tick = TextStyle.TICK;
        for (int head = 0; head < perLayer; head++) {
            canvas.text(String.valueOf(head + 1), LEFT + (head + 0.5) * cellWidth, bottom + 17, tick.middle());
        }
        for (int layer = 0; layer < layers; layer++) {
            double y = TOP + (layers - layer - 0.5) * cellHeight;
            canvas.text(String.valueOf(layer + 1), LEFT - 8, y + tick.centring(), tick.end());
        }
        canvas.text("head", LEFT + perLayer * cellWidth / 2, bottom + 40, TextStyle.LABEL.middle());
        canvas.text("layer", 38, (TOP + bottom) / 2, TextStyle.LABEL.middle().turned());
    }

    private String description() {
        List<String> counts = new ArrayList<>();
        for (AtlasLabel label : AtlasLabel.values()) {
            long of =
                    heads.stream().filter(head -> head.labels().contains(label)).count();
            if (of > 0) {
                counts.add(of + " " + label.title());
            }
        }
        return layers + " layers of " + perLayer + " heads; named after: "
                + (counts.isEmpty() ? "nothing" : String.join(", ", counts)) + ".";
    }

    private Figure shares(String subtitle) {
        List<HeadMaps.Map> maps = AtlasLabel.places().stream()
                .map(label -> new HeadMaps.Map(label.title(), percent(label)))
                .toList();
        AtlasLabel largest = AtlasLabel.places().stream()
                .max(Comparator.comparingDouble(
                        label -> Arrays.stream(percent(label)).max().orElse(0)))
                .orElse(AtlasLabel.CHIRP);
        double[] most = percent(largest);
        int at = HeadMaps.largest(most);
        return new HeadMaps(layers, perLayer, maps, "share of attention (%)")
                .draw(
                        "Where the heads’ attention goes",
                        subtitle,
                        "Share of attention of each part of the figure",
                        "Each map is one part of the figure, each cell a head: the part of its attention that goes there,"
                                + " when patches that hold several parts are taken apart. All maps share the colours of the"
                                + " bar.",
                        maps.size() + " heat maps. The largest share is that of " + largest.title() + " in layer "
                                + (at / perLayer + 1) + ", head " + (at % perLayer + 1) + ": "
                                + NumberText.fixed(most[at], 0) + " %.");
    }

    private Figure change(String subtitle) {
        double[] values = percent(Head::change);
        int at = HeadMaps.largest(values);
        String title = "Attention that fine-tuning moved";
        return new HeadMaps(
                        layers,
                        perLayer,
                        List.of(new HeadMaps.Map("with adapters against without", values)),
                        "moved (%)")
                .draw(
                        title,
                        subtitle,
                        title,
                        "Each cell is one head: the part of its attention that the model without its adapters gives to other"
                                + " tokens, as the mean over images.",
                        "A heat map of " + layers + " layers by " + perLayer + " heads. The most moved in layer "
                                + (at / perLayer + 1) + ", head " + (at % perLayer + 1) + ": "
                                + NumberText.fixed(values[at], 0) + " %.");
    }

    private double[] percent(AtlasLabel label) {
        return percent(head -> head.shares().getOrDefault(label, Double.NaN));
    }

    private double[] percent(ToDoubleFunction<Head> share) {
        double[] values = new double[layers * perLayer];
        for (Head head : heads) {
            values[head.id().layer() * perLayer + head.id().head()] = 100 * share.applyAsDouble(head);
        }
        return values;
    }
}

package org.chirplens.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.chirplens.figure.FigureRegion;

/** What a head's attention can be named after: a part of the figure, or a token. Names in files are the {@link #key()}. */
public enum AtlasLabel {
    CHIRP(FigureRegion.CHIRP),
    BACKGROUND(FigureRegion.BACKGROUND),
    TITLE(FigureRegion.TITLE),
    AXIS_LABELS(FigureRegion.X_LABEL, FigureRegion.Y_LABEL),
    TICK_LABELS(FigureRegion.X_TICKS, FigureRegion.Y_TICKS),
    /** The data area's edges and corners. */
    FRAME(
            FigureRegion.FRAME_LEFT,
            FigureRegion.FRAME_RIGHT,
            FigureRegion.FRAME_TOP,
            FigureRegion.FRAME_BOTTOM,
            FigureRegion.CORNER_TOP_LEFT,
            FigureRegion.CORNER_TOP_RIGHT,
            FigureRegion.CORNER_BOTTOM_LEFT,
            FigureRegion.CORNER_BOTTOM_RIGHT),
    COLOUR_BAR(FigureRegion.COLOUR_BAR, FigureRegion.COLOUR_BAR_TICKS, FigureRegion.COLOUR_BAR_LABEL),
    /** Paper on which nothing is drawn. */
    MARGIN(FigureRegion.MARGIN),
    /** The CLS token. */
    CLS,
    /** The token that looks. */
    SELF;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<FigureRegion> parts;

    AtlasLabel(FigureRegion... parts) {
        this.parts = List.of(parts);
    }

    /** The regions that it consists of; none for a token. */
    public List<FigureRegion> parts() {
        return parts;
    }

    /** Whether it is a part of the figure, and no token. */
    public boolean isPlace() {
        return !parts.isEmpty();
    }

    /** The name in files: {@code tick_labels}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name for people: {@code tick labels}. */
    public String title() {
        return switch (this) {
            case CLS -> "CLS token";
            case SELF -> "itself";
            default -> key().replace('_', ' ');
        };
    }

    /**
     * The label of that {@link #key()}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static AtlasLabel of(String key) {
        return Arrays.stream(values())
                .filter(label -> label.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no label of the atlas is called \"" + key + "\""));
    }

    /** The labels that are parts of the figure. */
    public static List<AtlasLabel> places() {
        return Arrays.stream(values()).filter(AtlasLabel::isPlace).toList();
    }
}

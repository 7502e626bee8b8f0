package org.chirplens.figure;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * How figures look. Every element can be left out, moved or reworded while all others stay where they are, so that a distortion is a
 * factor of an experiment.
 *
 * @param width pixels per row
 * @param height rows
 * @param colours what intensities become
 * @param elements the style of every element; those that are missing are as released
 */
public record FigureStyle(int width, int height, ColourMap colours, Map<FigureElement, ElementStyle> elements) {
    /** Pixels per row of released figures. */
    public static final int RELEASED_WIDTH = 640;
    /** Rows of released figures. */
    public static final int RELEASED_HEIGHT = 480;
    /** The smallest width and height: the words beside the axes need room. */
    public static final int SMALLEST = 160;
    /** The largest width and height. */
    public static final int LARGEST = 4096;

    /** The most rows for each pixel of a row: the colour bar is a twentieth as wide as the axes are high, and has a slot of its own. */
    public static final int MOST_HEIGHT = 3;

    private static final FigureStyle RELEASED =
            new FigureStyle(RELEASED_WIDTH, RELEASED_HEIGHT, ColourMap.VIRIDIS, Map.of());

    public FigureStyle {
        requireSize("width", width);
        requireSize("height", height);
        if (height > MOST_HEIGHT * width) {
            throw new IllegalArgumentException("height of a figure must be at most " + MOST_HEIGHT + " times its width "
                    + width + ", found " + height);
        }
        Map<FigureElement, ElementStyle> all = new EnumMap<>(FigureElement.class);
        for (FigureElement element : FigureElement.values()) {
            all.put(element, elements.getOrDefault(element, ElementStyle.released(element)));
        }
        elements = Collections.unmodifiableMap(all);
    }

    private static void requireSize(String name, int value) {
        if (value < SMALLEST || value > LARGEST) {
            throw new IllegalArgumentException(
                    name + " of a figure must be in [" + SMALLEST + ", " + LARGEST + "], found " + value);
        }
    }

    /** That of the released generator. */
    public static FigureStyle released() {
        return RELEASED;
    }

    /** The style of an element. */
    public ElementStyle of(FigureElement element) {
        return Objects.requireNonNull(elements.get(element));
    }

    /** The same with one element changed. */
    public FigureStyle with(FigureElement element, ElementStyle style) {
        Map<FigureElement, ElementStyle> changed = new EnumMap<>(elements);
        changed.put(element, style);
        return new FigureStyle(width, height, colours, changed);
    }

    /** The same without one element. */
    public FigureStyle without(FigureElement element) {
        return with(element, of(element).hidden());
    }

    /** The same in other colours. */
    public FigureStyle in(ColourMap others) {
        return new FigureStyle(width, height, others, elements);
    }
}

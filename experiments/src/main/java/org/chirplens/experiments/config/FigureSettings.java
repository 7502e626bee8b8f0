package org.chirplens.experiments.config;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.chirplens.figure.ColourMap;
import org.chirplens.figure.ElementStyle;
import org.chirplens.figure.FigureElement;
import org.chirplens.figure.FigureStyle;
import org.jspecify.annotations.Nullable;

/** How drawn figures look: every element can be left out, moved and reworded while all others stay. */
public record FigureSettings(
        @Setting(
                value = "Pixels per row.",
                byDefault = "" + FigureStyle.RELEASED_WIDTH,
                min = FigureStyle.SMALLEST,
                max = FigureStyle.LARGEST)
        int width,

        @Setting(
                value = "Rows; at most 3 times the width.",
                byDefault = "" + FigureStyle.RELEASED_HEIGHT,
                min = FigureStyle.SMALLEST,
                max = FigureStyle.LARGEST)
        int height,

        @Setting(value = "Colour map, of matplotlib's.", byDefault = "viridis")
        ColourMap colours,

        @Setting("The line above the data area. Released: Synthetic Spectrogram <number> (<shape> chirp).")
        Element title,

        @Setting("Label of the time axis. Released: Time (s).")
        Element timeLabel,

        @Setting("Label of the frequency axis. Released: Frequency (Hz).")
        Element frequencyLabel,

        @Setting("Ticks of the time axis and their labels. Released: <value>.")
        Element timeTicks,

        @Setting("Ticks of the frequency axis and their labels. Released: <value>.")
        Element frequencyTicks,

        @Setting("The line around the data area; it has no text.")
        Element frame,

        @Setting("The colour bar; it has no text, and its ticks and its label move with it.")
        Element colourBar,

        @Setting("Ticks of the colour bar and their labels. Released: <value>.")
        Element colourBarTicks,

        @Setting("Label of the colour bar. Released: Intensity.")
        Element colourBarLabel) {

    /** One element. */
    public record Element(
            @Setting(value = "false leaves it out.", byDefault = "true")
            boolean shown,

            @Setting(value = "Moved to the right, pixels.", byDefault = "0", min = -4096, max = 4096)
            double right,

            @Setting(value = "Moved down, pixels.", byDefault = "0", min = -4096, max = 4096)
            double down,

            @Setting(
                    value = "Other wording. <number> is the image's number, <shape> linear or exponential, <value> a"
                            + " tick's value, <noise:N> N random letters that differ per image.",
                    optional = true)
            @Nullable
            String text) {
        private ElementStyle style(FigureElement element) {
            return new ElementStyle(shown, right, down, text == null ? element.releasedText() : text);
        }
    }

    /** The style. */
    public FigureStyle style() {
        Map<FigureElement, ElementStyle> styles = new EnumMap<>(FigureElement.class);
        elements().forEach((element, said) -> styles.put(element, said.style(element)));
        return new FigureStyle(width, height, colours, styles);
    }

    private Map<FigureElement, Element> elements() {
        Map<FigureElement, Element> elements = new EnumMap<>(FigureElement.class);
        elements.put(FigureElement.TITLE, title);
        elements.put(FigureElement.TIME_LABEL, timeLabel);
        elements.put(FigureElement.FREQUENCY_LABEL, frequencyLabel);
        elements.put(FigureElement.TIME_TICKS, timeTicks);
        elements.put(FigureElement.FREQUENCY_TICKS, frequencyTicks);
        elements.put(FigureElement.FRAME, frame);
        elements.put(FigureElement.COLOUR_BAR, colourBar);
        elements.put(FigureElement.COLOUR_BAR_TICKS, colourBarTicks);
        elements.put(FigureElement.COLOUR_BAR_LABEL, colourBarLabel);
        return elements;
    }

    /** Texts with places that nothing is known of, each with its key below this section. */
    Map<String, String> brokenTexts() {
        Map<String, String> broken = new TreeMap<>();
        elements().forEach((element, said) -> {
            try {
                said.style(element);
            } catch (IllegalArgumentException e) {
                broken.put(camelCase(element) + ".text", String.valueOf(e.getMessage()));
            }
        });
        return broken;
    }

    private static String camelCase(FigureElement element) {
        String[] words = element.name().toLowerCase(Locale.ROOT).split("_", -1);
        StringBuilder key = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            key.append(words[i].substring(0, 1).toUpperCase(Locale.ROOT)).append(words[i].substring(1));
        }
        return key.toString();
    }
}

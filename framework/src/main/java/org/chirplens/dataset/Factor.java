package org.chirplens.dataset;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpFactor;
import org.chirplens.chirp.DrawnChirp;
import org.chirplens.chirp.Population;
import org.chirplens.figure.Caption;
import org.chirplens.figure.ColourMap;
import org.chirplens.figure.FigureElement;
import org.chirplens.figure.FigureStyle;
import org.jspecify.annotations.Nullable;

/**
 * What tells the two images of a counterfactual pair apart; everything else is the same in both, the noise and the colours' range
 * included. Factors of the chirp move it as {@link Population#change} says; those of the figure leave an element out, but for
 * the last two. Names in files are the {@link #key()}.
 */
public enum Factor {
    START_TIME(ChirpFactor.START_TIME),
    DURATION(ChirpFactor.DURATION),
    START_FREQUENCY(ChirpFactor.START_FREQUENCY),
    END_FREQUENCY(ChirpFactor.END_FREQUENCY),
    /** Of the chirp alone; a title that names the shape stays. */
    SHAPE(ChirpFactor.SHAPE),
    NOISE_LEVEL(ChirpFactor.NOISE_LEVEL),
    NOISE(ChirpFactor.NOISE),
    TITLE(FigureElement.TITLE),
    TIME_LABEL(FigureElement.TIME_LABEL),
    FREQUENCY_LABEL(FigureElement.FREQUENCY_LABEL),
    TIME_TICKS(FigureElement.TIME_TICKS),
    FREQUENCY_TICKS(FigureElement.FREQUENCY_TICKS),
    FRAME(FigureElement.FRAME),
    /** The bar with its ticks and its label. */
    COLOUR_BAR(FigureElement.COLOUR_BAR, FigureElement.COLOUR_BAR_TICKS, FigureElement.COLOUR_BAR_LABEL),
    COLOUR_BAR_TICKS(FigureElement.COLOUR_BAR_TICKS),
    COLOUR_BAR_LABEL(FigureElement.COLOUR_BAR_LABEL),
    /** The title names the other shape; the chirp stays. */
    TITLE_SHAPE,
    /** Grey instead of colours, or viridis instead of grey. */
    COLOURS;

    private final @Nullable ChirpFactor ofChirp;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<FigureElement> leftOut;

    Factor(ChirpFactor ofChirp) {
        this.ofChirp = ofChirp;
        leftOut = List.of();
    }

    Factor(FigureElement... leftOut) {
        ofChirp = null;
        this.leftOut = List.of(leftOut);
    }

    /** The name in files: {@code start_time}. */
    @JsonValue
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The factor of that {@link #key()}.
     *
     * @throws IllegalArgumentException if there is none
     */
    @JsonCreator
    public static Factor of(String key) {
        return Arrays.stream(values())
                .filter(factor -> factor.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a factor of pairs must be one of "
                        + Arrays.stream(values()).map(Factor::key).collect(Collectors.joining(", ")) + ", found \""
                        + key + "\""));
    }

    /**
     * Checks that the factor can differ in such images.
     *
     * @throws IllegalArgumentException if both images of a pair would be the same
     */
    public void requireEffect(Population population, FigureStyle style) {
        if (!hasEffect(population, style)) {
            throw new IllegalArgumentException(
                    "pairs that differ in " + key() + " need figures that have it, found none in the figure's style");
        }
    }

    /** Whether the factor can differ in such images: a figure without title can lose none. */
    public boolean hasEffect(Population population, FigureStyle style) {
        DrawnChirp any = population.draw(0, 0);
        return !changed(population, any).equals(any)
                || !changed(style).equals(style)
                || (this == TITLE_SHAPE && namesShape(style));
    }

    private static boolean namesShape(FigureStyle style) {
        return style.of(FigureElement.TITLE).shown()
                && style.of(FigureElement.TITLE).text().contains("<shape>");
    }

    DrawnChirp changed(Population population, DrawnChirp drawn) {
        return ofChirp == null ? drawn : population.change(drawn, ofChirp);
    }

    FigureStyle changed(FigureStyle style) {
        FigureStyle changed = style;
        for (FigureElement element : leftOut) {
            changed = changed.without(element);
        }
        if (this == COLOURS) {
            changed = changed.in(style.colours() == ColourMap.GREY ? ColourMap.VIRIDIS : ColourMap.GREY);
        }
        return changed;
    }

    Caption changed(Caption caption) {
        if (this != TITLE_SHAPE) {
            return caption;
        }
        return new Caption(caption.number(), caption.shape().other(), caption.noiseSeed());
    }

    /** What an image has of this factor, as {@code pairs.csv} says it. */
    String value(DrawnChirp drawn, FigureStyle style, Caption caption) {
        Chirp chirp = drawn.chirp();
        return switch (this) {
            case START_TIME -> Double.toString(chirp.startTimeSeconds());
            case DURATION -> Double.toString(chirp.durationSeconds());
            case START_FREQUENCY -> Double.toString(chirp.startFrequencyHz());
            case END_FREQUENCY -> Double.toString(chirp.endFrequencyHz());
            case SHAPE -> chirp.shape().key();
            case NOISE_LEVEL -> Double.toString(drawn.noiseLevel());
            case NOISE -> Long.toString(drawn.noiseSeed());
            case TITLE_SHAPE -> caption.shape().key();
            case COLOURS -> style.colours().key();
            default -> style.of(Objects.requireNonNull(leftOut.get(0))).shown() ? "shown" : "hidden";
        };
    }
}

package org.chirplens.figure;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpArray;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.chirp.GaussianFilter;
import org.chirplens.chirp.Spectrogram;

/**
 * Draws spectrograms as figures of one style: the released generator's matplotlib figure, or one that departs from it. Thread-safe;
 * laid out once, so keep it for many images.
 */
public final class ChirpFigure {
    /** What there is beside the heat map. */
    private static final List<FigureElement> ELEMENTS = List.of(FigureElement.values());

    private static final ChirpFigure RELEASED = new ChirpFigure(FigureStyle.released());

    private final FigureStyle style;
    private final FigureLayout layout;
    private final FigureElements elements;
    private final Heatmap released;
    private final Set<FigureElement> onPaper;
    private final byte[] paper;

    public ChirpFigure(FigureStyle style) {
        this.style = style;
        layout = new FigureLayout(style.width(), style.height());
        elements = new FigureElements(style, layout);
        released = new Heatmap(layout, ChirpArray.BINS);
        onPaper = EnumSet.noneOf(FigureElement.class);
        ELEMENTS.stream().filter(this::isAlwaysTheSame).forEach(onPaper::add);
        Canvas canvas = new Canvas(style.width(), style.height(), new byte[3 * style.width() * style.height()], null);
        Arrays.fill(canvas.rgb, (byte) 255);
        // Neither range nor caption matters to what is always the same.
        Caption none = new Caption(0, ChirpShape.LINEAR, 0);
        onPaper.forEach(element -> elements.draw(element, canvas, new ColourRange(0, 1), none));
        paper = canvas.rgb;
    }

    /** How its figures look. */
    public FigureStyle style() {
        return style;
    }

    /** Draws figures of the released style. */
    public static ChirpFigure released() {
        return RELEASED;
    }

    /**
     * Draws one figure whose colours span the array's own minimum to maximum, as the released figures do.
     *
     * @throws IllegalArgumentException if a value is not finite
     */
    public RgbImage draw(Spectrogram spectrogram, Caption caption) {
        return draw(spectrogram, ColourRange.of(spectrogram), caption);
    }

    /** Draws one figure over a given range of colours. */
    public RgbImage draw(Spectrogram spectrogram, ColourRange range, Caption caption) {
        Canvas canvas = new Canvas(style.width(), style.height(), paper.clone(), null);
        heatmap(spectrogram.bins()).draw(spectrogram, range, style.colours(), canvas);
        for (FigureElement element : ELEMENTS) {
            if (!onPaper.contains(element)) {
                elements.draw(element, canvas, range, caption);
            }
        }
        return new RgbImage(style.width(), style.height(), canvas.rgb);
    }

    /**
     * Which region each pixel of a figure is in. Elements claim the smallest rectangle around what is drawn of them (a tick's mark and
     * its label one each), the frame its lines; of the rest of the data area the chirp has the pixels where its noise-free, smoothed
     * array is above 0.1, which is more than the deviation of the strongest noise after smoothing.
     *
     * @param range of the figure's colours, on which the ticks of the colour bar depend
     */
    public FigureRegions regions(Chirp chirp, ColourRange range, Caption caption) {
        Canvas canvas = dataArea(chirp);
        drawn().forEach(element -> elements.draw(element, canvas, range, caption));
        return regions(canvas);
    }

    /**
     * Which region each pixel of a given figure of the released style is in, when its range of colours is not known: ticks and label
     * of the colour bar are looked for beside the bar, everything else is where the layout and the labels say.
     *
     * @throws IllegalArgumentException if the image has not the size of such figures, or this style is another
     */
    public FigureRegions regions(Chirp chirp, RgbImage figure, Caption caption) {
        if (!style.equals(FigureStyle.released())) {
            throw new IllegalArgumentException("the colour bar is looked for in figures of the released style alone");
        }
        requireSize(figure);
        Canvas canvas = dataArea(chirp);
        ColourRange unknown = new ColourRange(0, 1);
        for (FigureElement element : drawn()) {
            if (element != FigureElement.COLOUR_BAR_TICKS && element != FigureElement.COLOUR_BAR_LABEL) {
                elements.draw(element, canvas, unknown, caption);
            }
        }
        BarScale.find(figure, elements.barOutline()).claim(canvas);
        return regions(canvas);
    }

    /** All elements, in the order in which they are drawn: what is on the paper lies below. */
    private List<FigureElement> drawn() {
        return Stream.concat(onPaper.stream(), ELEMENTS.stream().filter(element -> !onPaper.contains(element)))
                .toList();
    }

    private Canvas dataArea(Chirp chirp) {
        byte[] regions = new byte[style.width() * style.height()];
        Canvas canvas = new Canvas(style.width(), style.height(), paper.clone(), regions);
        canvas.claim(0, 0, style.width(), style.height(), FigureRegion.MARGIN);
        canvas.claim(
                layout.dataLeft(),
                layout.clipTop(),
                layout.dataLeft() + layout.dataWidth(),
                layout.dataTop() + layout.dataHeight(),
                FigureRegion.BACKGROUND);
        double[] clean = GaussianFilter.smooth(ChirpArray.clean(chirp), ChirpArray.BINS);
        released.mark(new Spectrogram(ChirpArray.BINS, clean), FigureRegions.CHIRP_LEVEL, canvas);
        return canvas;
    }

    private static FigureRegions regions(Canvas canvas) {
        return new FigureRegions(canvas.width, canvas.height, canvas.regions());
    }

    /**
     * The patches that the chirp's ridge passes through when its figure is squashed to a square image: see {@link Ridge}.
     *
     * @param imageSize side of the square image in pixels
     * @param patchSize side of a patch in pixels; divides imageSize
     * @return {@code [P * P]} for P = imageSize / patchSize, top row first: 1 on the ridge, otherwise 0
     */
    public float[] ridgeOnPatches(Chirp chirp, int imageSize, int patchSize) {
        return Ridge.onPatches(chirp, layout, imageSize, patchSize);
    }

    /**
     * The patches in which the chirp begins and ends when its figure is squashed to a square image.
     *
     * @param imageSize side of the square image in pixels
     * @param patchSize side of a patch in pixels; divides imageSize
     * @return their two indices in {@link #ridgeOnPatches}
     */
    public int[] endsOnPatches(Chirp chirp, int imageSize, int patchSize) {
        return Ridge.ends(chirp, layout, imageSize, patchSize);
    }

    /**
     * The rectangle of patches that the heat map reaches into when a figure is squashed to a square image: outside it are title, labels,
     * colour bar and paper alone.
     *
     * @param imageSize side of the square image in pixels
     * @param patchSize side of a patch in pixels; divides imageSize
     * @return the indices of its upper left and its lower right patch in {@link #ridgeOnPatches}
     */
    public int[] axesOnPatches(int imageSize, int patchSize) {
        return Ridge.axes(layout, imageSize, patchSize);
    }

    private void requireSize(RgbImage figure) {
        if (figure.width() != layout.width() || figure.height() != layout.height()) {
            throw new IllegalArgumentException("a figure must have " + layout.width() + " x " + layout.height()
                    + " pixels, found " + figure.width() + " x " + figure.height());
        }
    }

    private boolean isAlwaysTheSame(FigureElement element) {
        ElementStyle drawn = style.of(element);
        return switch (element) {
            // The frame lies over the heat map, which is drawn over the paper.
            case FRAME, COLOUR_BAR_TICKS, COLOUR_BAR_LABEL -> false;
            default -> !drawn.isMoved() && Wording.isConstant(drawn.text());
        };
    }

    private Heatmap heatmap(int bins) {
        return bins == ChirpArray.BINS ? released : new Heatmap(layout, bins);
    }
}

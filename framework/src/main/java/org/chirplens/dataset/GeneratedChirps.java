package org.chirplens.dataset;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.DrawnChirp;
import org.chirplens.chirp.Population;
import org.chirplens.figure.Caption;
import org.chirplens.figure.ChirpFigure;
import org.chirplens.figure.ColourRange;
import org.chirplens.figure.FigureRegions;
import org.chirplens.figure.FigureStyle;
import org.chirplens.figure.RgbImage;
import org.jspecify.annotations.Nullable;

/**
 * Images that exist nowhere: chirps of a population, drawn as figures each time that one is asked for. Image {@code i} of a stream is
 * a function of the seed and {@code i} alone and has number {@code i + 1}.
 *
 * <p>With counterfactual pairs, an image is followed by one counterfactual of it for each factor, which has the image's title
 * and range of colours: with two factors, images 1, 4, 7, … are chirps of the population, and 2 and 3 counterfactuals of 1.
 */
public final class GeneratedChirps implements ImageSet {
    /**
     * All that an image is drawn from, beside its figure's style; {@code original} is the image itself, or the one that it is a
     * counterfactual of, and {@code member} which of the group.
     */
    private record Scene(int member, DrawnChirp drawn, DrawnChirp original, Caption caption) {
        ColourRange range() {
            return ColourRange.of(original.spectrogram());
        }
    }

    private final Population population;
    private final long seed;
    private final int firstIndex;
    private final int count;
    private final List<Factor> factors;
    private final FigureStyle style;
    private final List<ChirpTarget> targets;
    private final int shortestOf;

    /** Those of each member of a group. Laid out when the first image is drawn: who reads labels needs none. */
    private @Nullable List<ChirpFigure> figures;

    /**
     * A stretch of the seed's stream of images.
     *
     * @param style how they are drawn
     * @param factors of the counterfactuals that follow each image; empty for none
     * @param firstIndex where in the stream image 0 of this set is, at least 0
     * @param count the number of images, counterfactuals included, at least 1
     * @throws IllegalArgumentException also if a factor cannot differ in images of this population and style
     */
    public GeneratedChirps(
            Population population, FigureStyle style, List<Factor> factors, long seed, int firstIndex, int count) {
        this(population, style, factors, ChirpTarget.RELEASED, 1, seed, firstIndex, count);
    }

    private GeneratedChirps(
            Population population,
            FigureStyle style,
            List<Factor> factors,
            List<ChirpTarget> targets,
            int shortestOf,
            long seed,
            int firstIndex,
            int count) {
        if (firstIndex < 0) {
            throw new IllegalArgumentException("firstIndex must be at least 0, found " + firstIndex);
        }
        if (count < 1 || count > Integer.MAX_VALUE - firstIndex) {
            throw new IllegalArgumentException("count must be at least 1 and firstIndex + count below 2^31, found "
                    + count + " from " + firstIndex + " on");
        }
        factors.forEach(factor -> factor.requireEffect(population, style));
        this.population = population;
        this.seed = seed;
        this.firstIndex = firstIndex;
        this.count = count;
        this.factors = List.copyOf(factors);
        this.style = style;
        Target.requireDistinct(targets.stream().map(ChirpTarget::target).toList());
        this.targets = List.copyOf(targets);
        this.shortestOf = shortestOf;
    }

    /** The same images with other labels. */
    public GeneratedChirps labelled(List<ChirpTarget> others) {
        return new GeneratedChirps(population, style, factors, others, shortestOf, seed, firstIndex, count);
    }

    /**
     * Other images: each is the shortest of so many chirps of the population. Short chirps are the hard ones to find; a model that sees
     * more of them learns to find them from fewer images.
     *
     * @param candidates at least 1; 1 leaves the population as it is
     */
    public GeneratedChirps shortestOf(int candidates) {
        if (candidates < 1) {
            throw new IllegalArgumentException("candidates must be at least 1, found " + candidates);
        }
        return new GeneratedChirps(population, style, factors, targets, candidates, seed, firstIndex, count);
    }

    /** Images in the released style, without counterfactuals. */
    public GeneratedChirps(Population population, long seed, int firstIndex, int count) {
        this(population, FigureStyle.released(), List.of(), seed, firstIndex, count);
    }

    @Override
    public int size() {
        return count;
    }

    @Override
    public String name(int index) {
        return DatasetFiles.imageName(number(index));
    }

    @Override
    public RgbImage image(int index) {
        Scene scene = scene(index);
        if (scene.drawn.equals(scene.original)) {
            return figure(scene.member).draw(scene.drawn.spectrogram(), scene.caption);
        }
        return figure(scene.member).draw(scene.drawn.spectrogram(), scene.range(), scene.caption);
    }

    @Override
    public List<Target> targets() {
        return targets.stream().map(ChirpTarget::target).toList();
    }

    @Override
    public double[] label(int index) {
        return ChirpTarget.of(chirp(index), targets);
    }

    @Override
    public Chirp chirp(int index) {
        return drawn(index).chirp();
    }

    @Override
    public double noiseLevel(int index) {
        return drawn(index).noiseLevel();
    }

    @Override
    public FigureRegions regions(int index) {
        Scene scene = scene(index);
        return figure(scene.member).regions(scene.drawn.chirp(), scene.range(), scene.caption);
    }

    /** The chirp and the noise of image {@code index}. */
    public DrawnChirp drawn(int index) {
        return scene(index).drawn;
    }

    @Override
    public ChirpFigure figure() {
        return figure(0);
    }

    private synchronized ChirpFigure figure(int member) {
        if (figures == null) {
            ChirpFigure own = style.equals(FigureStyle.released()) ? ChirpFigure.released() : new ChirpFigure(style);
            figures = IntStream.range(0, groupSize())
                    .mapToObj(this::style)
                    .map(changed -> changed.equals(style) ? own : new ChirpFigure(changed))
                    .toList();
        }
        return figures.get(member);
    }

    private FigureStyle style(int member) {
        return member == 0 ? style : factors.get(member - 1).changed(style);
    }

    @Override
    public int groupSize() {
        return 1 + factors.size();
    }

    /** The pair whose second image is image {@code index}; null if that is no counterfactual. */
    public @Nullable CounterfactualPair pair(int index) {
        int member = member(index);
        if (member == 0) {
            return null;
        }
        Factor factor = factors.get(member - 1);
        Scene scene = scene(index);
        Caption original = caption(scene.original, number(index) - member);
        return new CounterfactualPair(
                factor,
                number(index) - member,
                number(index),
                factor.value(scene.original, style, original),
                factor.value(scene.drawn, style(member), scene.caption));
    }

    private Scene scene(int index) {
        int member = member(index);
        DrawnChirp original = draw((number(index) - 1L) / groupSize());
        Caption caption = caption(original, number(index) - member);
        if (member == 0) {
            return new Scene(0, original, original, caption);
        }
        Factor factor = factors.get(member - 1);
        return new Scene(member, factor.changed(population, original), original, factor.changed(caption));
    }

    private DrawnChirp draw(long group) {
        DrawnChirp shortest = population.draw(seed, group * shortestOf);
        for (int i = 1; i < shortestOf; i++) {
            DrawnChirp candidate = population.draw(seed, group * shortestOf + i);
            if (candidate.chirp().durationSeconds() < shortest.chirp().durationSeconds()) {
                shortest = candidate;
            }
        }
        return shortest;
    }

    private static Caption caption(DrawnChirp original, int number) {
        return new Caption(number, original.chirp().shape(), original.noiseSeed());
    }

    /** 0 for an image of the population, i for its counterfactual of factor i, counted from 1. */
    private int member(int index) {
        return (number(index) - 1) % groupSize();
    }

    private int number(int index) {
        return firstIndex + Objects.checkIndex(index, count) + 1;
    }
}

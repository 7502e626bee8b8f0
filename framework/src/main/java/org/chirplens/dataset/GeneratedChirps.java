package org.chirplens.dataset;

import java.util.List;
import java.util.Objects;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.DrawnChirp;
import org.chirplens.chirp.Population;
import org.chirplens.figure.ChirpFigure;
import org.chirplens.figure.RgbImage;

/**
 * Images that exist nowhere: chirps of a population, drawn as the released figure each time that one is asked for.
 * Image {@code i} of a stream is a function of the seed and {@code i} alone and is titled with number {@code i + 1}.
 */
public final class GeneratedChirps implements ImageSet {
    private final Population population;
    private final long seed;
    private final int firstIndex;
    private final int count;

    /**
     * A stretch of the seed's stream of images.
     *
     * @param firstIndex where in the stream image 0 of this set is, at least 0
     * @param count the number of images, at least 1
     */
    public GeneratedChirps(Population population, long seed, int firstIndex, int count) {
        if (firstIndex < 0) {
            throw new IllegalArgumentException("firstIndex must be at least 0, found " + firstIndex);
        }
        if (count < 1 || count > Integer.MAX_VALUE - firstIndex) {
            throw new IllegalArgumentException("count must be at least 1 and firstIndex + count below 2^31, found "
                    + count + " from " + firstIndex + " on");
        }
        this.population = population;
        this.seed = seed;
        this.firstIndex = firstIndex;
        this.count = count;
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
        DrawnChirp drawn = drawn(index);
        String title = ChirpFigure.title(number(index), drawn.chirp().shape());
        return ChirpFigure.draw(drawn.spectrogram(), title);
    }

    @Override
    public List<Target> targets() {
        return Target.RELEASED;
    }

    @Override
    public double[] label(int index) {
        return Target.allOf(chirp(index));
    }

    @Override
    public Chirp chirp(int index) {
        return drawn(index).chirp();
    }

    /** All that image {@code index} is drawn from. */
    public DrawnChirp drawn(int index) {
        return population.draw(seed, firstIndex + Objects.checkIndex(index, count));
    }

    private int number(int index) {
        return firstIndex + Objects.checkIndex(index, count) + 1;
    }
}

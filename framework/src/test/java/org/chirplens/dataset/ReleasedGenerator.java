package org.chirplens.dataset;

import java.util.ArrayList;
import java.util.List;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpArray;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.chirp.Spectrogram;

/**
 * What the released generator draws after {@code np.random.seed(seed)}, number by number: NumPy's legacy uniform, choice and
 * polar normal variates in the order that reference/README.md gives. So the arrays of its published images are known.
 */
final class ReleasedGenerator {
    record Drawn(Chirp chirp, Spectrogram spectrogram) {}

    private final MersenneTwister random;
    private double spare = Double.NaN;

    private ReleasedGenerator(int seed) {
        random = new MersenneTwister(seed);
    }

    /** The first images of a seed. */
    static List<Drawn> images(int seed, int count) {
        ReleasedGenerator generator = new ReleasedGenerator(seed);
        List<Drawn> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            images.add(generator.next());
        }
        return images;
    }

    private Drawn next() {
        double start = uniform(0, 45);
        double duration = uniform(1, 15);
        double startFrequency = uniform(0, 100);
        double endFrequency = Math.max(0, Math.min(100, startFrequency + uniform(-30, 30)));
        ChirpShape shape = ChirpShape.values()[random.nextInt() & 1];
        double level = uniform(0.09, 0.3);
        double[] noise = new double[ChirpArray.BINS * ChirpArray.BINS];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = normal();
        }
        Chirp chirp = new Chirp(start, duration, startFrequency, endFrequency, shape);
        return new Drawn(chirp, ChirpArray.noisy(chirp, level, noise));
    }

    private double uniform(double low, double high) {
        return low + (high - low) * fraction();
    }

    private double fraction() {
        long a = (random.nextInt() & 0xffffffffL) >>> 5;
        long b = (random.nextInt() & 0xffffffffL) >>> 6;
        return (a * 67108864.0 + b) / 9007199254740992.0;
    }

    private double normal() {
        if (!Double.isNaN(spare)) {
            double kept = spare;
            spare = Double.NaN;
            return kept;
        }
        double x;
        double y;
        double square;
        do {
            x = 2 * fraction() - 1;
            y = 2 * fraction() - 1;
            square = x * x + y * y;
        } while (square >= 1 || square == 0);
        double factor = Math.sqrt(-2 * StrictMath.log(square) / square);
        spare = factor * x;
        return factor * y;
    }
}

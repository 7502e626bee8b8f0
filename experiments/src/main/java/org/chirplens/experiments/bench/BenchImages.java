package org.chirplens.experiments.bench;

import java.util.stream.IntStream;
import org.chirplens.chirp.Population;
import org.chirplens.dataset.BatchReader;
import org.chirplens.dataset.GeneratedChirps;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.TargetScaling;

/**
 * Chirps as the released generator draws them, in memory.
 *
 * @param pixels [images, 3, imageSize, imageSize]
 * @param labels standardised [images][targets]
 */
record BenchImages(float[] pixels, float[][] labels) {
    private static final long SEED = 1;
    private static final int SCALING_IMAGES = 1000;

    static BenchImages draw(int images, int imageSize) {
        GeneratedChirps chirps = new GeneratedChirps(Population.released(), SEED, 0, Math.max(images, SCALING_IMAGES));
        TargetScaling scaling =
                TargetScaling.over(chirps, IntStream.range(0, SCALING_IMAGES).toArray());
        int[] indices = IntStream.range(0, images).toArray();
        float[][] labels = IntStream.of(indices)
                .mapToObj(i -> scaling.standardise(chirps.label(i)))
                .toArray(float[][]::new);
        try (BatchReader reader = new BatchReader(chirps, indices, images, Preprocessing.TRAINING, imageSize, 1)) {
            return new BenchImages(reader.next().pixels(), labels);
        }
    }
}

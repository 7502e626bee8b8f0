package org.chirplens.experiments.verify;

import java.util.Map;
import java.util.Set;
import org.chirplens.checkpoint.NumericArray;
import org.chirplens.dataset.PngFile;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.Resample;
import org.chirplens.figure.RgbImage;

/** Compares {@code resize/}: {@code source.png} at other sizes, and as the input of a model. */
final class ResizeChecks {
    /** In 1/255: rounding of fixed-point sums may differ between versions of Pillow, by one and rarely. */
    private static final Tolerance PIXEL = Tolerance.absolute(1).equalBut(0.001);

    /**
     * Absolute. Our resized bytes are Pillow's own, and dividing and standardising them rounds by at most 2.4e-7, the
     * last place of a float near 2. One byte that differs would be an error of 4e-3 or more.
     */
    private static final Tolerance INPUT = Tolerance.absolute(1e-6);

    private static final Map<String, Resample.Filter> FILTERS = Map.of(
            "pil_default_", Resample.Filter.BICUBIC,
            "torchvision_resize_", Resample.Filter.BILINEAR);

    private static final Map<String, Preprocessing> RECIPES = Map.of(
            "training_tensor", Preprocessing.TRAINING,
            "ablation_tensor", Preprocessing.IMAGENET,
            "attention_tensor", Preprocessing.ATTENTION);

    private final Section section;

    ResizeChecks(Section section) {
        this.section = section;
    }

    void run() {
        RgbImage source = PngFile.read(section.inputFile("source.png"));
        for (String array : section.names()) {
            FILTERS.forEach((prefix, filter) -> {
                if (array.matches(prefix + "\\d+")) {
                    section.attempt(array, Set.of(array), () -> compareResized(array, source, filter));
                }
            });
            Preprocessing recipe = RECIPES.get(array);
            if (recipe != null) {
                section.attempt(array, Set.of(array), () -> compareInput(array, source, recipe));
            }
        }
    }

    private void compareResized(String array, RgbImage source, Resample.Filter filter) {
        NumericArray recorded = section.input(array);
        int[] shape = recorded.shape();
        if (shape.length != 3 || shape[2] != 3) {
            throw new IllegalArgumentException(array + " must be [height, width, 3], found " + recorded);
        }
        byte[] ours = Resample.resize(source, shape[1], shape[0], filter).rgb();
        section.compare(array, GenuineChirpChecks.values(ours), PIXEL);
    }

    private void compareInput(String array, RgbImage source, Preprocessing recipe) {
        NumericArray recorded = section.input(array);
        int[] shape = recorded.shape();
        if (shape.length != 3 || shape[0] != 3 || shape[1] != shape[2]) {
            throw new IllegalArgumentException(array + " must be [3, size, size], found " + recorded);
        }
        float[] ours = new float[Preprocessing.length(shape[1])];
        recipe.apply(source, shape[1], ours, 0);
        section.compare(array, Section.widen(ours), INPUT);
    }
}

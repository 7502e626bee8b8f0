package org.chirplens.analysis;

import java.util.List;
import org.chirplens.statistics.Estimate;

/**
 * How much the loss increases without a head, by layer: means over the heads of a layer, and of early and deep layers.
 * Intervals resample images; the heads are those of the model and no sample.
 *
 * @param layers mean over the heads of each layer, in percent of the whole model's loss
 * @param contrasts deep layers against early ones
 */
public record LayerEffects(List<Estimate> layers, List<DepthContrast> contrasts) {
    public LayerEffects {
        layers = List.copyOf(layers);
        contrasts = List.copyOf(contrasts);
    }

    /**
     * The deepest part of the layers against the earliest one.
     *
     * @param parts 2 compares halves, 3 thirds and so on
     * @param size layers of a part, the number of layers divided by the parts and rounded down; what is left over is in
     *     the middle and counts to neither
     * @param early mean over all heads of the first layers, in percent of the whole model's loss
     * @param deep that of the last layers
     * @param ratio deep over early; its intervals are not defined where {@code early} is not surely different from 0
     */
    public record DepthContrast(int parts, int size, Estimate early, Estimate deep, Estimate ratio) {
        public DepthContrast {
            if (parts < 2 || size < 1) {
                throw new IllegalArgumentException(
                        "at least 2 parts of at least 1 layer are needed, found " + parts + " of " + size);
            }
        }
    }
}

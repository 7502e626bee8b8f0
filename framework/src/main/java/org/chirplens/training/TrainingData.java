package org.chirplens.training;

import org.chirplens.dataset.ImageSet;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.model.PatchWindow;
import org.jspecify.annotations.Nullable;

/**
 * What a run learns from.
 *
 * @param images the data set
 * @param train indices of the images to train on
 * @param validation indices of the images that choose the best epoch and decide when the learning rate falls and
 *     training stops
 * @param preprocessing how an image becomes the model's input
 * @param scaling how targets are standardised
 * @param chirps where in each image the chirp is; needed for the pretext tasks that ask for it
 * @param axes the patches that the axes of every image are in; needed for epochs that see no others
 * @param readerThreads threads that read and prepare images, at least 1
 * @param keptBytes disk space in which the run may keep prepared images that it needs more than once, at least 0
 */
public record TrainingData(
        ImageSet images,
        int[] train,
        int[] validation,
        Preprocessing preprocessing,
        TargetScaling scaling,
        @Nullable ChirpFinder chirps,
        @Nullable PatchWindow axes,
        int readerThreads,
        long keptBytes) {
    public TrainingData {
        requireIndices("train", train, images.size());
        requireIndices("validation", validation, images.size());
        Check.that(
                Target.agree(images.targets(), scaling.targets()),
                "the scaling must be of the images' targets " + Target.list(images.targets()),
                Target.list(scaling.targets()));
        Check.that(readerThreads >= 1, "readerThreads must be at least 1", readerThreads);
        Check.that(keptBytes >= 0, "keptBytes must be at least 0", keptBytes);
    }

    /** The standardised labels of some images, [images * targets]. */
    float[] labels(int[] indices) {
        int targets = scaling.targets().size();
        float[] labels = new float[indices.length * targets];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(scaling.standardise(images.label(indices[i])), 0, labels, i * targets, targets);
        }
        return labels;
    }

    private static void requireIndices(String name, int[] indices, int size) {
        Check.that(indices.length > 0, name + " must name at least one image", "none");
        for (int index : indices) {
            Check.that(index >= 0 && index < size, name + " must be indices in [0, " + size + ")", index);
        }
    }
}

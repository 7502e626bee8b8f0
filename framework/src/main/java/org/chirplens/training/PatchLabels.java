package org.chirplens.training;

/**
 * Labels of the dense pretext task: whether the chirp's ridge passes through each patch of an image. A linear layer on
 * every patch token learns to tell, beside the regression; the layer belongs to the training run and never to the
 * model. Without the task a small transformer that starts from nothing stays at predicting the mean for very long.
 */
@FunctionalInterface
public interface PatchLabels {
    /**
     * The labels of one image. May be called from several threads.
     *
     * @param image index of the image in its set
     * @return 1 where the ridge passes through the patch, else 0; [patches], row-major
     */
    float[] of(int image);
}

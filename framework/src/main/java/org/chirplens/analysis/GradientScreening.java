package org.chirplens.analysis;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.chirplens.dataset.ProgressListener;
import org.chirplens.dataset.Selection;
import org.chirplens.model.HeadId;
import org.chirplens.model.HeadMaskGradients;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.VitConfig;
import org.tensorflow.Tensor;

/**
 * Screens all heads with one forward and one backward pass: to first order, ablating a head, m from 1 to 0, adds
 * {@code -d loss / d m} to the loss. Its mean absolute value over images is the importance of Michel, Levy and Neubig (2019, arXiv
 * 1905.10650, equation 2). It is a linear estimate of what {@link AblationSweep} measures exactly.
 */
public final class GradientScreening {
    private final InferenceModel model;
    private final HeadMaskGradients gradients;
    private final Protocol protocol;
    private final SweepSettings settings;

    /**
     * Prepares it.
     *
     * @param gradients of the same model
     * @param protocol one that replaces contexts, but not {@link Protocol#RESAMPLE}
     */
    public GradientScreening(
            InferenceModel model, HeadMaskGradients gradients, Protocol protocol, SweepSettings settings) {
        this.model = model;
        this.gradients = gradients;
        this.protocol = protocol;
        this.settings = settings;
    }

    /**
     * The outcome.
     *
     * @param estimates of what ablating each head adds to each image's loss [images][layers * heads], heads of layer 0 first; the loss is
     *     the mean squared error over the standardised targets
     */
    public record Screening(int numLayers, int numHeads, float[][] estimates) {
        /** The heads in the order of {@link #estimates}. */
        public List<HeadId> heads() {
            return IntStream.range(0, numLayers * numHeads)
                    .mapToObj(i -> new HeadId(i / numHeads, i % numHeads))
                    .toList();
        }

        /** For each head the estimated increase of the mean loss. */
        public double[] lossIncreases() {
            return means(false);
        }

        /** For each head the mean absolute estimate: the importance of Michel, Levy and Neubig. */
        public double[] magnitudes() {
            return means(true);
        }

        private double[] means(boolean absolute) {
            double[] means = new double[numLayers * numHeads];
            for (float[] ofImage : estimates) {
                for (int head = 0; head < means.length; head++) {
                    means[head] += (absolute ? Math.abs(ofImage[head]) : ofImage[head]) / (double) estimates.length;
                }
            }
            return means;
        }
    }

    /** Screens over some images. */
    public Screening run(Selection selection, ProgressListener progress) {
        return run(SweepImages.of(selection, model.config().vit().imageSize()), progress);
    }

    /**
     * Screens over images in memory.
     *
     * @param pixels preprocessed images [images, 3, imageSize, imageSize]
     * @param labels standardised labels [images][targets]
     */
    public Screening run(float[] pixels, float[][] labels) {
        return run(SweepImages.of(pixels, labels, model.config().vit().imageSize()), ProgressListener.NONE);
    }

    private Screening run(SweepImages images, ProgressListener progress) {
        VitConfig vit = model.config().vit();
        float[][] labels = images.labels();
        float[][] estimates = new float[images.size()][];
        ContextWork.over(
                model,
                images,
                Math.max(1, settings.variants() / vit.numHeads()),
                protocol,
                settings.seed(),
                Set.of(),
                (batch, pass, r) -> {
                    Map<String, Tensor> replacements = new LinkedHashMap<>();
                    ContextWork.feed(replacements, r, 0, vit.numLayers());
                    float[][] own = Arrays.copyOfRange(labels, batch.first(), batch.first() + batch.images());
                    float[][] found =
                            gradients.of(batch.pixels(), own, replacements).gradients();
                    for (int i = 0; i < found.length; i++) {
                        estimates[batch.first() + i] = negated(found[i]);
                    }
                },
                done -> progress.progress(done, images.size()));
        return new Screening(vit.numLayers(), vit.numHeads(), estimates);
    }

    private static float[] negated(float[] gradient) {
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = -gradient[i];
        }
        return gradient;
    }
}

package org.chirplens.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.chirplens.model.HeadId;

/**
 * The outcome of ablating every head of a model, one at a time.
 *
 * @param protocol name of the protocol, such as {@code head_mask}
 * @param numLayers layers of the model
 * @param numHeads heads of each layer
 * @param labels standardised labels [images][targets]
 * @param baseline standardised predictions without ablation [images][targets]
 * @param ablated standardised predictions with one head ablated [layers * heads][images * targets], heads of layer 0
 *     first; in one array for each head, as there may be 100,000 images
 * @param lossBatch 0 when a loss is the mean over all images; else losses are means of the means over so many images
 *     each, as the published code takes them, where a last batch of few images counts as much as a full one
 */
public record HeadAblation(
        String protocol,
        int numLayers,
        int numHeads,
        float[][] labels,
        float[][] baseline,
        float[][] ablated,
        int lossBatch) {
    public HeadAblation {
        int images = labels.length;
        if (ablated.length != numLayers * numHeads || baseline.length != images) {
            throw new IllegalArgumentException("expected " + numLayers * numHeads + " heads and " + images
                    + " images, found " + ablated.length + " and " + baseline.length);
        }
        int targets = images == 0 ? 0 : labels[0].length;
        if (images > 0 && baseline[0].length != targets) {
            throw new IllegalArgumentException(
                    "expected a prediction for each of " + targets + " labels, found " + baseline[0].length);
        }
        if (Arrays.stream(ablated).anyMatch(head -> head.length != images * targets)) {
            throw new IllegalArgumentException("expected " + targets + " predictions for each of " + images
                    + " images and each head, found another number");
        }
    }

    /** The same of predictions [layers * heads][images][targets]. */
    public static HeadAblation of(
            String protocol,
            int numLayers,
            int numHeads,
            float[][] labels,
            float[][] baseline,
            float[][][] ablated,
            int lossBatch) {
        float[][] flat = Arrays.stream(ablated).map(HeadAblation::flat).toArray(float[][]::new);
        return new HeadAblation(protocol, numLayers, numHeads, labels, baseline, flat, lossBatch);
    }

    private static float[] flat(float[][] rows) {
        int width = rows.length == 0 ? 0 : rows[0].length;
        float[] flat = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * width, width);
        }
        return flat;
    }

    /** The heads in the order of {@link #ablated}. */
    public List<HeadId> heads() {
        return IntStream.range(0, numLayers * numHeads)
                .mapToObj(i -> new HeadId(i / numHeads, i % numHeads))
                .toList();
    }

    /** Whether the damage of all heads before a head is in its numbers too, as under {@link Protocol#RELEASED}, whatever the labels. */
    public boolean isCumulative() {
        return protocol.startsWith(Protocol.RELEASED.key());
    }

    /** Mean squared error of the whole model, over all images and targets. */
    public double baselineLoss() {
        return loss(baseline, 0, numTargets());
    }

    /** Mean squared error of the whole model for one target, by its place among the model's outputs. */
    public double baselineLoss(int target) {
        return loss(baseline, target, target + 1);
    }

    /** Mean squared error with one head ablated, over all images and targets. */
    public double ablatedLoss(HeadId id) {
        return loss(predictions(id), 0, numTargets());
    }

    /** Mean squared error of one target, by its place among the model's outputs, with one head ablated. */
    public double ablatedLoss(HeadId id, int target) {
        return loss(predictions(id), target, target + 1);
    }

    /** Outputs of the model. */
    public int numTargets() {
        return labels.length == 0 ? 0 : labels[0].length;
    }

    /** {@code 100 (ablated - baseline) / baseline}: how much the loss grows, in percent. */
    public double lossIncreasePercent(HeadId id) {
        double baselineLoss = baselineLoss();
        return 100 * (ablatedLoss(id) - baselineLoss) / baselineLoss;
    }

    /** {@link #lossIncreasePercent} of all {@link #heads()}, in their order. */
    public double[] lossIncreasesPercent() {
        return heads().stream().mapToDouble(this::lossIncreasePercent).toArray();
    }

    /** What ablating a head adds to each image's mean squared error over all targets [images]. */
    public double[] lossIncreases(HeadId id) {
        return lossIncreases(predictions(id), baseline, labels);
    }

    /** What each image's mean squared error over all targets is more with some predictions than with others, all [images][targets]. */
    static double[] lossIncreases(float[][] ablated, float[][] baseline, float[][] labels) {
        return IntStream.range(0, labels.length)
                .mapToDouble(i -> squaredError(ablated[i], labels[i]) - squaredError(baseline[i], labels[i]))
                .toArray();
    }

    /** The mean of an image's squared errors over all targets. */
    static double squaredError(float[] prediction, float[] label) {
        double sum = 0;
        for (int t = 0; t < label.length; t++) {
            double error = (double) prediction[t] - label[t];
            sum += error * error;
        }
        return sum / label.length;
    }

    /** The standardised predictions with one head ablated [images][targets], copied. */
    public float[][] predictions(HeadId id) {
        if (id.layer() >= numLayers || id.head() >= numHeads) {
            throw new IllegalArgumentException("the model has no " + id.title());
        }
        float[] flat = ablated[id.layer() * numHeads + id.head()];
        int targets = numTargets();
        return IntStream.range(0, labels.length)
                .mapToObj(i -> Arrays.copyOfRange(flat, i * targets, (i + 1) * targets))
                .toArray(float[][]::new);
    }

    /**
     * The same predictions against other labels, under another name.
     *
     * @param otherLabels [images][targets]
     */
    public HeadAblation against(float[][] otherLabels, String name) {
        return new HeadAblation(name, numLayers, numHeads, otherLabels, baseline, ablated, lossBatch);
    }

    /** The same predictions with losses averaged otherwise, see {@link #lossBatch}. */
    public HeadAblation withLossBatch(int images) {
        return new HeadAblation(protocol, numLayers, numHeads, labels, baseline, ablated, images);
    }

    /**
     * The ablation of some of the images only, say to choose heads on one half and to report them on the other. Batches of
     * the whole are none of a part: its losses are means over its images, {@link #lossBatch} is 0.
     *
     * @param images places among the present images, none twice
     */
    public HeadAblation onImages(int[] images) {
        int n = labels.length;
        if (Arrays.stream(images).distinct().count() != images.length
                || Arrays.stream(images).anyMatch(i -> i < 0 || i >= n)) {
            throw new IllegalArgumentException(
                    "images must be different ones of 0 to " + (n - 1) + ", found " + Arrays.toString(images));
        }
        return new HeadAblation(
                protocol,
                numLayers,
                numHeads,
                rows(labels, images),
                rows(baseline, images),
                Arrays.stream(ablated).map(head -> rows(head, images)).toArray(float[][]::new),
                0);
    }

    private float[] rows(float[] flat, int[] which) {
        int targets = numTargets();
        float[] rows = new float[which.length * targets];
        for (int i = 0; i < which.length; i++) {
            System.arraycopy(flat, which[i] * targets, rows, i * targets, targets);
        }
        return rows;
    }

    private static float[][] rows(float[][] all, int[] which) {
        return Arrays.stream(which).mapToObj(i -> all[i]).toArray(float[][]::new);
    }

    /**
     * What each image counts in a loss, [images], 1 on average: a loss is {@code sum(weight * error) / images}. All are 1
     * but for a smaller last batch, see {@link #lossBatch}.
     */
    double[] imageWeights() {
        int n = labels.length;
        int batch = batch(n);
        int batches = (n + batch - 1) / batch;
        double[] weights = new double[n];
        for (int i = 0; i < n; i++) {
            int size = Math.min(n, i - i % batch + batch) - (i - i % batch);
            weights[i] = n / ((double) batches * size);
        }
        return weights;
    }

    /** The images of a batch whose mean counts as much as that of any other, at most so many. */
    private int batch(int images) {
        int most = Math.max(1, images);
        return lossBatch == 0 ? most : Math.min(lossBatch, most);
    }

    private double loss(float[][] predictions, int fromTarget, int toTarget) {
        int n = predictions.length;
        int batch = batch(n);
        double sum = 0;
        int batches = 0;
        for (int from = 0; from < n; from += batch) {
            sum += meanSquaredError(predictions, from, Math.min(n, from + batch), fromTarget, toTarget);
            batches++;
        }
        return sum / batches;
    }

    private double meanSquaredError(float[][] predictions, int from, int to, int fromTarget, int toTarget) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            for (int t = fromTarget; t < toTarget; t++) {
                double error = (double) predictions[i][t] - labels[i][t];
                sum += error * error;
            }
        }
        return sum / ((double) (to - from) * (toTarget - fromTarget));
    }
}

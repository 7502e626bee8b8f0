package org.chirplens.experiments.bench;

import java.util.ArrayList;
import java.util.List;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.SessionOptions;

/**
 * What a forward pass costs beside a large matrix product and beside peers. Pass and product are measured in turns, so that
 * other work on the machine hits them alike; medians count.
 */
public final class ForwardBench {
    /** Turns of the measurements. */
    public static final int TURNS = 5;

    /** Processor time that a measurement takes at least. */
    public static final double LEAST_SECONDS = 1;

    private ForwardBench() {}

    /**
     * What was measured.
     *
     * @param forward forward passes
     * @param gigaFlop billions of operations of one image's pass
     * @param productGigaFlops billions of operations of a large matrix product in a second of processor time
     * @param peers the same images through other libraries
     */
    public record Costs(Cost forward, double gigaFlop, double productGigaFlops, List<PeerForward> peers) {
        /** Billions of operations in a second of processor time. */
        public double gigaFlops() {
            return gigaFlop * forward.imagesPerCoreSecond();
        }

        /** The share of a large matrix product's rate. */
        public double ofProduct() {
            return gigaFlops() / productGigaFlops;
        }
    }

    /**
     * Measures.
     *
     * @param batch images of a pass
     * @param leastSeconds processor time of a measurement, at least
     */
    public static Costs run(
            TrainedModel model, int batch, SessionOptions options, List<Peer> peers, double leastSeconds) {
        BenchImages images = BenchImages.draw(batch, model.config().vit().imageSize());
        List<Cost> forward = new ArrayList<>();
        List<Cost> product = new ArrayList<>();
        float[][] predictions;
        try (InferenceModel inference = new InferenceModel(model.config(), model.weights(), options);
                MatrixProduct matrices = new MatrixProduct(options)) {
            predictions = inference.predict(images.pixels(), batch);
            matrices.run();
            for (int turn = 0; turn < TURNS; turn++) {
                forward.add(Meter.again(batch, leastSeconds, () -> inference.predict(images.pixels(), batch)));
                product.add(Meter.again(1, leastSeconds, matrices::run));
            }
        }
        List<PeerForward> others = new ArrayList<>();
        for (Peer peer : peers) {
            others.add(PeerForward.measure(
                    peer, model, images.pixels(), predictions, options.threads(), TURNS * leastSeconds));
        }
        return new Costs(
                Cost.median(forward),
                ForwardWork.gigaFlop(model.config()),
                MatrixProduct.gigaFlop() * Cost.median(product).imagesPerCoreSecond(),
                others);
    }
}

package org.chirplens.experiments.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.model.Devices;
import org.chirplens.model.Fetches;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.SessionOptions;
import org.tensorflow.types.TFloat32;

/**
 * What a forward pass costs beside a large matrix product and beside peers. Pass and product are measured in turns, so that
 * other work on the machine hits them alike; medians count. Rates are by processor time, and on a GPU by the time that passes, with
 * as many passes under way as keep it busy: the next images are sent while one batch is computed.
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
     * @param product runs of large matrix products
     * @param productGigaFlop billions of operations of one run, times the GPUs that share the passes
     * @param gpu whether a GPU computes, and rates are by the time that passes
     * @param profile of one more pass
     * @param peers the same images through other libraries
     */
    public record Costs(
            Cost forward,
            double gigaFlop,
            Cost product,
            double productGigaFlop,
            boolean gpu,
            OperationProfile profile,
            List<PeerForward> peers) {
        /** Billions of operations in a second. */
        public double gigaFlops() {
            return gigaFlop * forward.perSecond(gpu);
        }

        /** Billions of operations of the matrix products in a second. */
        public double productGigaFlops() {
            return productGigaFlop * product.perSecond(gpu);
        }

        /** The share of a large matrix product's rate. */
        public double ofProduct() {
            return gigaFlops() / productGigaFlops();
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
        boolean gpu = Devices.hasGpu(options);
        double productGigaFlop;
        OperationProfile profile;
        float[][] predictions;
        try (InferenceModel inference = new InferenceModel(model.config(), model.weights(), options);
                MatrixProduct matrices = new MatrixProduct(options, options.precision(), gpu)) {
            int atOnce = inference.atOnce();
            Runnable passes = () ->
                    IntStream.range(0, atOnce).parallel().forEach(pass -> inference.predict(images.pixels(), batch));
            predictions = inference.predict(images.pixels(), batch);
            passes.run();
            matrices.run();
            for (int turn = 0; turn < TURNS; turn++) {
                forward.add(Meter.again(atOnce * batch, leastSeconds, passes));
                product.add(Meter.again(1, leastSeconds, matrices::run));
            }
            productGigaFlop = gpus(options) * matrices.gigaFlop();
            try (TFloat32 pixels = inference.pixels(images.pixels(), batch)) {
                profile = OperationProfile.of(inference.trace(Map.of(Fetches.PIXELS, pixels)));
            }
        }
        List<PeerForward> others = new ArrayList<>();
        for (Peer peer : peers) {
            others.add(PeerForward.measure(
                    peer, model, images.pixels(), predictions, options.threads(), TURNS * leastSeconds));
        }
        ToDoubleFunction<Cost> time = gpu ? Cost::wallMillis : Cost::cpuMillis;
        return new Costs(
                Cost.median(forward, time),
                new ModelWork(model.config()).forward(),
                Cost.median(product, time),
                productGigaFlop,
                gpu,
                profile,
                others);
    }

    /**
     * How many GPUs share the passes; 1 also without any. The product runs on the first of them: the others, of its kind,
     * would do as much in the same time.
     */
    private static int gpus(SessionOptions options) {
        long commas = options.device().chars().filter(c -> c == ',').count();
        return options.requiresGpu() ? Math.toIntExact(commas) + 1 : 1;
    }
}

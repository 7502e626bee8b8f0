package org.chirplens.experiments.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.chirplens.analysis.AblationSweep;
import org.chirplens.analysis.GradientScreening;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.Protocol;
import org.chirplens.analysis.SweepSettings;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.model.Devices;
import org.chirplens.model.Fetches;
import org.chirplens.model.FloatArray;
import org.chirplens.model.HeadId;
import org.chirplens.model.HeadMaskGradients;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.Precision;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;
import org.tensorflow.types.TFloat32;

/**
 * What ablating every head of a model costs: by the shared sweep, by one forward pass for each head in this project and in
 * other libraries, and by gradient screening.
 */
public final class AblationBench {
    /** Turns of forward passes and screening; medians count. */
    private static final int TURNS = 3;

    private AblationBench() {}

    /**
     * What was measured.
     *
     * @param heads of the model
     * @param exact the shared sweep; building graph and session and the first use of each signature are counted
     * @param naive the same by one forward pass for each head, with the same things counted
     * @param maxRelativeDifference largest of {@code |exact - naive| / naive} of any loss, the baseline's among them
     * @param forward forward passes of a batch, without first uses
     * @param screening one forward and one backward pass for all heads, without first uses
     * @param peakMib the most resident memory while the shared sweep ran, where Linux tells; in it are Java's heap and
     *     the weights that were read
     * @param gigaFlop billions of operations of an image's part of the shared sweep by {@link Protocol#HEAD_MASK}; empty for other
     *     protocols, which compute what they put in a head's place
     * @param gpu whether a GPU computes, and rates are by the time that passes
     * @param profile of a batch with the first layer's heads ablated, on its way through all later layers
     * @param peers forward passes of the same images through other libraries
     */
    public record Costs(
            int heads,
            Cost exact,
            Cost naive,
            double maxRelativeDifference,
            Cost forward,
            Cost screening,
            OptionalDouble peakMib,
            OptionalDouble gigaFlop,
            boolean gpu,
            OperationProfile profile,
            List<PeerForward> peers) {
        /** Pairs of head and image that the shared sweep ablates in a second, by the clock. */
        public double pairsPerSecond() {
            return heads * 1e3 / exact.wallMillis();
        }

        /** Billions of operations in a second of the shared sweep; empty where {@link #gigaFlop} is. */
        public OptionalDouble gigaFlops() {
            return gigaFlop.isEmpty() ? gigaFlop : OptionalDouble.of(gigaFlop.getAsDouble() * exact.perSecond(gpu));
        }

        /** Processor seconds of one of our forward passes for each head. */
        public double forwardCpuSeconds() {
            return 1e-3 * forward.cpuMillis() * exact.images() * heads;
        }

        /** Seconds that one of our forward passes for each head takes. */
        public double forwardWallSeconds() {
            return 1e-3 * forward.wallMillis() * exact.images() * heads;
        }

        /** Processor seconds of one forward pass of a peer for each head. */
        public double cpuSeconds(PeerForward peer) {
            return 1e-3 * peer.forward().cpuMillis() * exact.images() * heads;
        }

        /** Seconds that one forward pass of a peer for each head takes. */
        public double wallSeconds(PeerForward peer) {
            return 1e-3 * peer.forward().wallMillis() * exact.images() * heads;
        }
    }

    /**
     * Measures.
     *
     * @param images how many
     * @param settings of the shared sweep; the naive one takes as many images at once as the shared one variants
     * @param leastSeconds processor time of measurements that are repeated, at least
     * @param listener told what is measured next
     */
    public static Costs run(
            TrainedModel model,
            int images,
            Protocol protocol,
            SweepSettings settings,
            SessionOptions options,
            List<Peer> peers,
            double leastSeconds,
            Consumer<String> listener) {
        BenchImages drawn = BenchImages.draw(images, model.config().vit().imageSize());
        // TensorFlow is loaded, and its threads are started, before the first clock starts.
        try (MatrixProduct product = new MatrixProduct(options, Precision.FLOAT32, false)) {
            product.run();
        }
        listener.accept("the shared sweep");
        Meter.resetPeakMemory();
        List<HeadAblation> found = new ArrayList<>();
        Cost exact = Meter.of(images, () -> found.add(sweep(model, protocol, settings, options, drawn)));
        OptionalDouble peak = Meter.peakMemoryMib();
        listener.accept("a pass for each head");
        SweepSettings each = new SweepSettings(
                SweepSettings.Method.NAIVE, settings.variants(), settings.releasedBatch(), settings.seed());
        Cost naive = Meter.of(images, () -> found.add(sweep(model, protocol, each, options, drawn)));
        listener.accept("screening");
        int batch = Math.min(
                images, Math.max(1, settings.variants() / model.config().vit().numHeads()));
        BenchImages some = BenchImages.draw(batch, model.config().vit().imageSize());
        try (InferenceModel inference = new InferenceModel(model.config(), model.weights(), options);
                HeadMaskGradients gradients = new HeadMaskGradients(model.config(), model.weights(), options)) {
            float[][] predictions = inference.predict(some.pixels(), batch);
            GradientScreening screen = new GradientScreening(
                    inference,
                    gradients,
                    protocol.replacesContextsOfOneImage() ? protocol : Protocol.HEAD_MASK,
                    settings);
            screen.run(some.pixels(), some.labels());
            List<Cost> forward = new ArrayList<>();
            List<Cost> screening = new ArrayList<>();
            for (int turn = 0; turn < TURNS; turn++) {
                forward.add(Meter.again(batch, leastSeconds, () -> inference.predict(some.pixels(), batch)));
                screening.add(Meter.again(batch, leastSeconds, () -> screen.run(some.pixels(), some.labels())));
            }
            List<PeerForward> others = new ArrayList<>();
            for (Peer peer : peers) {
                listener.accept(peer.key());
                others.add(
                        PeerForward.measure(peer, model, some.pixels(), predictions, options.threads(), leastSeconds));
            }
            ToDoubleFunction<Cost> time = Devices.hasGpu(options) ? Cost::wallMillis : Cost::cpuMillis;
            return new Costs(
                    found.get(0).heads().size(),
                    exact,
                    naive,
                    difference(found.get(0), found.get(1)),
                    Cost.median(forward, time),
                    Cost.median(screening, time),
                    peak,
                    protocol == Protocol.HEAD_MASK
                            ? OptionalDouble.of(new ModelWork(model.config()).sweep())
                            : OptionalDouble.empty(),
                    Devices.hasGpu(options),
                    profile(inference, batch),
                    others);
        }
    }

    private static HeadAblation sweep(
            TrainedModel model, Protocol protocol, SweepSettings settings, SessionOptions options, BenchImages images) {
        try (InferenceModel inference = new InferenceModel(model.config(), model.weights(), options)) {
            return new AblationSweep(inference, protocol, settings)
                    .run(images.pixels(), images.labels())
                    .get(0);
        }
    }

    /** Of the execution that takes the most memory; what flows through it does not matter. */
    private static OperationProfile profile(InferenceModel inference, int images) {
        VitConfig vit = inference.config().vit();
        // Behind the only layer's heads the CLS token goes on alone.
        int rows = vit.numLayers() == 1 ? 1 : vit.numTokens();
        FloatArray variants = FloatArray.ones(vit.numHeads() * images, rows, vit.hiddenSize());
        String behind = Fetches.behindHeadVariants(0, vit.numLayers());
        try (TFloat32 stream = InferenceModel.tensor(variants)) {
            return OperationProfile.of(inference.trace(Map.of(behind, stream)));
        }
    }

    private static double difference(HeadAblation exact, HeadAblation naive) {
        double largest = relative(exact.baselineLoss(), naive.baselineLoss());
        for (HeadId head : exact.heads()) {
            largest = Math.max(largest, relative(exact.ablatedLoss(head), naive.ablatedLoss(head)));
        }
        return largest;
    }

    private static double relative(double value, double reference) {
        return Math.abs(value - reference) / reference;
    }
}

package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;
import org.chirplens.analysis.Protocol;
import org.chirplens.analysis.SweepSettings;
import org.chirplens.experiments.bench.AblationBench;
import org.chirplens.experiments.bench.Peer;
import org.chirplens.experiments.bench.PeerForward;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.cli.TextTable;
import org.chirplens.experiments.run.AblateStage;
import org.chirplens.model.SessionOptions;

/** {@code bench ablation}: measures and tells. */
final class AblationBenchReport {
    static final int IMAGES = 8;

    static final String DESCRIPTION =
            "ablation: what ablating every head costs by the shared sweep and by sending every token through the whole model for"
                    + " each head (the naive sweep), both from reading the weights into a graph on, first uses included, and"
                    + " how far their losses differ; what so many forward passes cost that need the CLS token alone of the last"
                    + " block; what gradient screening costs in forward passes; the shared sweep's peak memory, how many"
                    + " pairs of head and image it ablates in a second, for head_mask its rate, counted as if no product were split, and which kinds of operations the time goes to when variants of the first layer go through all later ones. With CHIRPLENS_PEERS=1 also a"
                    + " forward pass for each head through ONNX Runtime and PyTorch, which is one measured pass times the"
                    + " heads, without what opening the model costs there. JSON: model, protocol, images, heads,"
                    + " exact_cpu_seconds, exact_wall_seconds, naive_cpu_seconds, naive_wall_seconds, cpu_ratio, wall_ratio,"
                    + " forward_cpu_ratio, max_relative_difference, screening_forwards, peak_memory_mib or null, pairs_per_second,"
                    + " gigaflop_per_cpu_second (head_mask; on a GPU: per_second, of the time that passes), "
                    + BenchFigures.PROFILE_FIELDS + ", peers {NAME: {version,"
                    + " cpu_seconds, cpu_ratio, wall_ratio, max_difference}}; ratios are the other's cost by the shared sweep's.";

    /** Processor time that a repeated measurement takes at least. */
    private static final double LEAST_SECONDS = 4;

    private AblationBenchReport() {}

    static int run(Invocation invocation) {
        Protocol protocol = protocol(invocation);
        BenchModel model = BenchModel.of(invocation);
        SessionOptions session = invocation.session(0);
        SweepSettings settings = AblateStage.settings(
                model.model().config().vit(),
                SharedOptions.batch(invocation),
                SweepSettings.RELEASED_BATCH,
                SweepSettings.SEED,
                session);
        AblationBench.Costs costs;
        try (ProgressLine line = invocation.console().progress("measuring", "measurements")) {
            costs = AblationBench.run(
                    model.model(),
                    invocation.integer("images", 1, IMAGES),
                    protocol,
                    settings,
                    session,
                    Peer.all(),
                    LEAST_SECONDS,
                    what -> line.message("measuring " + what));
        }
        if (invocation.console().json()) {
            invocation.console().result(json(model, protocol, costs));
        } else {
            invocation.console().result(text(model, protocol, costs));
        }
        return ExitCode.DONE;
    }

    private static Protocol protocol(Invocation invocation) {
        return SharedOptions.named(
                () -> invocation.text("protocol").map(Protocol::of).orElse(Protocol.HEAD_MASK));
    }

    private static String text(BenchModel model, Protocol protocol, AblationBench.Costs costs) {
        TextTable table = new TextTable("", "cpu s", "wall s", "x cpu", "x wall");
        table.row(
                "shared sweep",
                seconds(costs.exact().cpuSeconds()),
                seconds(costs.exact().wallSeconds()),
                "1",
                "1");
        table.row(
                "naive sweep",
                seconds(costs.naive().cpuSeconds()),
                seconds(costs.naive().wallSeconds()),
                times(costs.naive().cpuSeconds() / costs.exact().cpuSeconds()),
                times(costs.naive().wallSeconds() / costs.exact().wallSeconds()));
        table.row(
                costs.heads() + " passes of ChirpLens",
                seconds(costs.forwardCpuSeconds()),
                seconds(costs.forwardWallSeconds()),
                times(costs.forwardCpuSeconds() / costs.exact().cpuSeconds()),
                times(costs.forwardWallSeconds() / costs.exact().wallSeconds()));
        for (PeerForward peer : costs.peers()) {
            table.row(
                    costs.heads() + " passes of " + peer.key() + " " + peer.version(),
                    seconds(costs.cpuSeconds(peer)),
                    seconds(costs.wallSeconds(peer)),
                    times(costs.cpuSeconds(peer) / costs.exact().cpuSeconds()),
                    times(costs.wallSeconds(peer) / costs.exact().wallSeconds()));
        }
        return table
                + BenchFigures.format(
                        "\n\n%s, %d heads, %d images, %s; losses of the two sweeps differ by %.1e at most, relatively; screening"
                                + " all heads by gradients costs %.2f forward passes; %s",
                        model.name(),
                        costs.heads(),
                        costs.exact().images(),
                        protocol.key(),
                        costs.maxRelativeDifference(),
                        costs.forward().ratio(costs.screening()),
                        costs.peakMib().isPresent()
                                ? BenchFigures.format(
                                        "peak memory of the shared sweep %,.0f MiB",
                                        costs.peakMib().getAsDouble())
                                : "peak memory is not told here")
                + rate(costs)
                + "\n\n" + BenchFigures.profile("variants of layer 1", costs.profile());
    }

    private static String rate(AblationBench.Costs costs) {
        String pairs =
                BenchFigures.format("; the shared sweep ablates %,.1f heads x images a second", costs.pairsPerSecond());
        OptionalDouble gigaFlops = costs.gigaFlops();
        return gigaFlops.isEmpty()
                ? pairs
                : pairs + BenchFigures.format(", %.1f %s", gigaFlops.getAsDouble(), BenchFigures.rateUnit(costs.gpu()));
    }

    private static ObjectNode json(BenchModel model, Protocol protocol, AblationBench.Costs costs) {
        double cpu = costs.exact().cpuSeconds();
        double wall = costs.exact().wallSeconds();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("model", model.name())
                .put("protocol", protocol.key())
                .put("images", costs.exact().images())
                .put("heads", costs.heads())
                .put("exact_cpu_seconds", cpu)
                .put("exact_wall_seconds", wall)
                .put("naive_cpu_seconds", costs.naive().cpuSeconds())
                .put("naive_wall_seconds", costs.naive().wallSeconds())
                .put("cpu_ratio", costs.naive().cpuSeconds() / cpu)
                .put("wall_ratio", costs.naive().wallSeconds() / wall)
                .put("forward_cpu_ratio", costs.forwardCpuSeconds() / cpu)
                .put("max_relative_difference", costs.maxRelativeDifference())
                .put("screening_forwards", costs.forward().ratio(costs.screening()));
        costs.peakMib().ifPresentOrElse(mib -> json.put("peak_memory_mib", mib), () -> json.putNull("peak_memory_mib"));
        json.put("pairs_per_second", costs.pairsPerSecond());
        costs.gigaFlops().ifPresent(rate -> json.put(BenchFigures.rateField(costs.gpu()), rate));
        BenchFigures.profile(json, costs.profile());
        ObjectNode peers = json.putObject("peers");
        for (PeerForward peer : costs.peers()) {
            peers.putObject(peer.key())
                    .put("version", peer.version())
                    .put("cpu_seconds", costs.cpuSeconds(peer))
                    .put("cpu_ratio", costs.cpuSeconds(peer) / cpu)
                    .put("wall_ratio", costs.wallSeconds(peer) / wall)
                    .put("max_difference", peer.maxDifference());
        }
        return json;
    }

    private static String seconds(double value) {
        return BenchFigures.format("%.1f", value);
    }

    private static String times(double value) {
        return BenchFigures.format("%.2f", value);
    }
}

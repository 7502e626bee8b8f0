package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.OptionalDouble;
import org.chirplens.experiments.bench.Cost;
import org.chirplens.experiments.bench.ForwardBench;
import org.chirplens.experiments.bench.OperationProfile;
import org.chirplens.experiments.bench.Peer;
import org.chirplens.experiments.bench.PeerForward;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.cli.TextTable;

/** {@code bench forward}: measures and tells. */
final class ForwardBenchReport {
    /** What takes less of a pass is not worth a line. */
    private static final double LEAST_PERCENT = 1;

    static final String DESCRIPTION =
            "forward: what a forward pass costs an image, and its rate beside that of a large matrix product,"
                    + " measured in " + ForwardBench.TURNS
                    + " turns (medians); which kinds of operations the time of one more pass goes to. With CHIRPLENS_PEERS=1 also the same model and images through"
                    + " ONNX Runtime and PyTorch, adapters folded into the weights. JSON: model, batch, cpu_ms, wall_ms,"
                    + " gigaflop, gigaflop_per_cpu_second, product_gigaflop_per_cpu_second (on a GPU: per_second, of the time that passes), of_product, gpu_memory_mib (of a traced pass, on a GPU), profile [{kind, calls, ms}], peers {NAME:"
                    + " {version, cpu_ms, wall_ms, cpu_ratio, max_difference}}; cpu_ratio is the peer's cost by ours.";

    private ForwardBenchReport() {}

    static int run(Invocation invocation) {
        BenchModel model = BenchModel.of(invocation);
        int batch = invocation.integer("batch", 1, SharedOptions.BATCH);
        ForwardBench.Costs costs;
        try (ProgressLine line = invocation.console().progress("measuring", "measurements")) {
            line.message("measuring " + model.name());
            costs = ForwardBench.run(
                    model.model(), batch, invocation.session(0), Peer.all(), ForwardBench.LEAST_SECONDS);
        }
        if (invocation.console().json()) {
            invocation.console().result(json(model, batch, costs));
        } else {
            invocation.console().result(text(model, batch, costs));
        }
        return ExitCode.DONE;
    }

    private static String text(BenchModel model, int batch, ForwardBench.Costs costs) {
        String rate = costs.gpu() ? "GFLOP/s" : "GFLOP/cpu-s";
        TextTable table = new TextTable("", "cpu ms", "wall ms", "x ours", rate, "difference");
        table.row(
                "ChirpLens",
                format("%.1f", costs.forward().cpuMillis()),
                format("%.1f", costs.forward().wallMillis()),
                "1",
                format("%.1f", costs.gigaFlops()),
                "");
        for (PeerForward peer : costs.peers()) {
            table.row(
                    peer.key() + " " + peer.version(),
                    format("%.1f", peer.forward().cpuMillis()),
                    format("%.1f", peer.forward().wallMillis()),
                    format("%.2f", costs.forward().ratio(peer.forward())),
                    "",
                    format("%.1e", peer.maxDifference()));
        }
        OptionalDouble gpuMib = costs.profile().gpuMib();
        String memory = gpuMib.isEmpty() ? "" : format("; at most %,.0f MiB of the GPU's memory", gpuMib.getAsDouble());
        return table
                + format(
                        "\n\n%s, an image's forward pass in batches of %d; %.2f GFLOP an image; a large matrix product runs at"
                                + " %.1f %s, so the pass has %.0f %% of its rate",
                        model.name(), batch, costs.gigaFlop(), costs.productGigaFlops(), rate, 100 * costs.ofProduct())
                + memory + "\n\n" + profile(costs.profile());
    }

    private static String profile(OperationProfile profile) {
        TextTable table = new TextTable("traced pass", "calls", "ms", "share");
        for (OperationProfile.Kind kind : profile.kinds()) {
            double share = 100 * kind.millis() / profile.millis();
            if (share >= LEAST_PERCENT) {
                table.row(kind.name(), "" + kind.calls(), format("%.1f", kind.millis()), format("%.0f %%", share));
            }
        }
        return table.toString();
    }

    private static ObjectNode json(BenchModel model, int batch, ForwardBench.Costs costs) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("model", model.name());
        json.put("batch", batch);
        cost(json, costs.forward());
        json.put("gigaflop", costs.gigaFlop());
        String second = costs.gpu() ? "second" : "cpu_second";
        json.put("gigaflop_per_" + second, costs.gigaFlops());
        json.put("product_gigaflop_per_" + second, costs.productGigaFlops());
        json.put("of_product", costs.ofProduct());
        costs.profile().gpuMib().ifPresent(mib -> json.put("gpu_memory_mib", mib));
        ArrayNode profile = json.putArray("profile");
        costs.profile().kinds().forEach(kind -> profile.addObject()
                .put("kind", kind.name())
                .put("calls", kind.calls())
                .put("ms", kind.millis()));
        ObjectNode peers = json.putObject("peers");
        for (PeerForward peer : costs.peers()) {
            ObjectNode node = peers.putObject(peer.key()).put("version", peer.version());
            cost(node, peer.forward());
            node.put("cpu_ratio", costs.forward().ratio(peer.forward()));
            node.put("max_difference", peer.maxDifference());
        }
        return json;
    }

    private static void cost(ObjectNode node, Cost cost) {
        node.put("cpu_ms", cost.cpuMillis()).put("wall_ms", cost.wallMillis());
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}

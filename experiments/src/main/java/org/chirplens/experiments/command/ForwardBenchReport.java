package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.chirplens.experiments.bench.ForwardBench;
import org.chirplens.experiments.bench.Peer;
import org.chirplens.experiments.bench.PeerForward;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.cli.TextTable;

/** {@code bench forward}: measures and tells. */
final class ForwardBenchReport {
    static final String DESCRIPTION =
            "forward: what a forward pass costs an image, and its rate beside that of a large matrix product,"
                    + " measured in " + ForwardBench.TURNS
                    + " turns (medians; the rate of one GPU's product times the GPUs that share the passes); which kinds of operations the time of one more pass goes to. With CHIRPLENS_PEERS=1 also the same model and images through"
                    + " ONNX Runtime and PyTorch, adapters folded into the weights. JSON: model, batch, cpu_ms, wall_ms,"
                    + " gigaflop, gigaflop_per_cpu_second, product_gigaflop_per_cpu_second (on a GPU: per_second, of the time that passes), of_product, "
                    + BenchFigures.PROFILE_FIELDS + ", peers {NAME:"
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
        String rate = BenchFigures.rateUnit(costs.gpu());
        TextTable table = new TextTable("", "cpu ms", "wall ms", "x ours", rate, "difference");
        table.row(
                "ChirpLens",
                BenchFigures.format("%.1f", costs.forward().cpuMillis()),
                BenchFigures.format("%.1f", costs.forward().wallMillis()),
                "1",
                BenchFigures.format("%.1f", costs.gigaFlops()),
                "");
        for (PeerForward peer : costs.peers()) {
            table.row(
                    peer.key() + " " + peer.version(),
                    BenchFigures.format("%.1f", peer.forward().cpuMillis()),
                    BenchFigures.format("%.1f", peer.forward().wallMillis()),
                    BenchFigures.format("%.2f", costs.forward().ratio(peer.forward())),
                    "",
                    BenchFigures.format("%.1e", peer.maxDifference()));
        }
        return table
                + BenchFigures.format(
                        "\n\n%s, an image's forward pass in batches of %d; %.2f GFLOP an image; a large matrix product runs at"
                                + " %.1f %s, so the pass has %.0f %% of its rate",
                        model.name(), batch, costs.gigaFlop(), costs.productGigaFlops(), rate, 100 * costs.ofProduct())
                + "\n\n" + BenchFigures.profile("traced pass", costs.profile());
    }

    private static ObjectNode json(BenchModel model, int batch, ForwardBench.Costs costs) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("model", model.name());
        json.put("batch", batch);
        BenchFigures.cost(json, costs.forward());
        json.put("gigaflop", costs.gigaFlop());
        String rate = BenchFigures.rateField(costs.gpu());
        json.put(rate, costs.gigaFlops());
        json.put("product_" + rate, costs.productGigaFlops());
        json.put("of_product", costs.ofProduct());
        BenchFigures.profile(json, costs.profile());
        ObjectNode peers = json.putObject("peers");
        for (PeerForward peer : costs.peers()) {
            ObjectNode node = peers.putObject(peer.key()).put("version", peer.version());
            BenchFigures.cost(node, peer.forward());
            node.put("cpu_ratio", costs.forward().ratio(peer.forward()));
            node.put("max_difference", peer.maxDifference());
        }
        return json;
    }
}

package org.chirplens.experiments.command;

import java.util.Locale;
import java.util.Optional;
import org.chirplens.experiments.bench.Cost;
import org.chirplens.experiments.bench.GenerateBench;
import org.chirplens.experiments.bench.MatplotlibPeer;
import org.chirplens.experiments.cli.TextTable;

/** What generating costs, for people. */
final class GenerateBenchText {
    private GenerateBenchText() {}

    static String of(GenerateBench.Costs costs, Optional<MatplotlibPeer> peer) {
        TextTable table = new TextTable("", "cpu ms", "wall ms", "images/s per core", "x recorded", "x peer");
        whole(table, "PNG files", costs.files(), peer);
        whole(table, "tensors in memory", costs.tensors(), peer);
        stage(table, "  population, noise", costs.drawingChirps());
        stage(table, "  smoothing", costs.smoothing());
        stage(table, "  drawing", costs.drawing());
        stage(table, "  encoding", costs.encoding());
        peer.ifPresent(measured -> whole(table, "matplotlib", measured.cost(), peer));
        return table + "\n\n"
                + format(
                        "%,d images; files of %,.0f bytes; %d threads for files and tensors, one for stages;"
                                + " peak heap %.0f MiB",
                        costs.files().images(), costs.meanFileBytes(), costs.threads(), costs.peakHeapMib())
                + peer.map(measured -> format(
                                "\npeer: matplotlib %s, Python %s, %d images",
                                measured.matplotlib(),
                                measured.python(),
                                measured.cost().images()))
                        .orElse("")
                + format(
                        "\nrecorded: %.0f ms for an image, matplotlib 3.6.3 on another machine of two cores",
                        MatplotlibPeer.RECORDED.cpuMillis());
    }

    private static void whole(TextTable table, String name, Cost cost, Optional<MatplotlibPeer> peer) {
        row(
                table,
                name,
                cost,
                format("%.1f", cost.ratio(MatplotlibPeer.RECORDED)),
                peer.map(measured -> format("%.1f", cost.ratio(measured.cost())))
                        .orElse(""));
    }

    private static void stage(TextTable table, String name, Cost cost) {
        row(table, name, cost, "", "");
    }

    private static void row(TextTable table, String name, Cost cost, String recorded, String peer) {
        table.row(
                name,
                format("%.2f", cost.cpuMillis()),
                format("%.2f", cost.wallMillis()),
                format("%.1f", cost.imagesPerCoreSecond()),
                recorded,
                peer);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}

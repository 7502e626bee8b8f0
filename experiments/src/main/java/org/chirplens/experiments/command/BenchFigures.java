package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.OptionalDouble;
import org.chirplens.experiments.bench.Cost;
import org.chirplens.experiments.bench.OperationProfile;
import org.chirplens.experiments.cli.TextTable;

/** How the benchmarks of models tell what they have in common. */
final class BenchFigures {
    /** Fields of JSON that {@link #profile} writes. */
    static final String PROFILE_FIELDS =
            "gpu_memory_mib (what that execution takes of a GPU's memory; not without a GPU), profile [{kind, calls, ms}]";

    /** What takes less of an execution is not worth a line. */
    private static final double LEAST_PERCENT = 1;

    private BenchFigures() {}

    /** What a rate is of: on a GPU the time that passes. */
    static String rateUnit(boolean gpu) {
        return gpu ? "GFLOP/s" : "GFLOP/cpu-s";
    }

    /** The name of a rate in JSON. */
    static String rateField(boolean gpu) {
        return gpu ? "gigaflop_per_second" : "gigaflop_per_cpu_second";
    }

    static void cost(ObjectNode node, Cost cost) {
        node.put("cpu_ms", cost.cpuMillis()).put("wall_ms", cost.wallMillis());
    }

    static void profile(ObjectNode node, OperationProfile profile) {
        profile.gpuMib().ifPresent(mib -> node.put("gpu_memory_mib", mib));
        ArrayNode kinds = node.putArray("profile");
        profile.kinds().forEach(kind -> kinds.addObject()
                .put("kind", kind.name())
                .put("calls", kind.calls())
                .put("ms", kind.millis()));
    }

    /** @param title of the execution that was traced */
    static String profile(String title, OperationProfile profile) {
        TextTable table = new TextTable(title, "calls", "ms", "share");
        for (OperationProfile.Kind kind : profile.kinds()) {
            double share = 100 * kind.millis() / profile.millis();
            if (share >= LEAST_PERCENT) {
                table.row(kind.name(), "" + kind.calls(), format("%.1f", kind.millis()), format("%.0f %%", share));
            }
        }
        return table + gpuMemory(profile.gpuMib());
    }

    private static String gpuMemory(OptionalDouble mib) {
        return mib.isEmpty() ? "" : format("\nat most %,.0f MiB of the GPU's memory", mib.getAsDouble());
    }

    static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}

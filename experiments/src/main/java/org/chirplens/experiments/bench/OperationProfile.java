package org.chirplens.experiments.bench;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.tensorflow.proto.DeviceStepStats;
import org.tensorflow.proto.NodeExecStats;
import org.tensorflow.proto.RunMetadata;

/**
 * Where the time of an execution of a graph goes, by kind of operation, and how much of a GPU's memory it takes.
 *
 * @param kinds longest first
 * @param gpuMib the most memory of a GPU that was in use when an operation ended, weights included; empty without a GPU
 */
public record OperationProfile(List<Kind> kinds, OptionalDouble gpuMib) {
    /** Times of a GPU's kernels; other lines of a trace tell when the processor started them. */
    private static final String KERNELS = "/stream:all";

    /** What the allocators of GPU memory are called: {@code GPU_0_bfc}; that of memory for transfers is {@code gpu_host_bfc}. */
    private static final String GPU_ALLOCATOR = "GPU_";

    /**
     * The operations of one kind.
     *
     * @param name such as {@code MatMul}
     * @param calls how many
     * @param millis time of all, on the device that ran them
     */
    public record Kind(String name, int calls, double millis) {
        private Kind and(Kind other) {
            return new Kind(name, calls + other.calls, millis + other.millis);
        }
    }

    /** Sums up a trace: the kernels of GPUs where it has some, else every operation. */
    static OperationProfile of(RunMetadata trace) {
        List<DeviceStepStats> devices = trace.getStepStats().getDevStatsList();
        boolean kernels = devices.stream().anyMatch(OperationProfile::isOfKernels);
        Map<String, Kind> kinds = new HashMap<>();
        devices.stream()
                .filter(device -> !kernels || isOfKernels(device))
                .flatMap(device -> device.getNodeStatsList().stream())
                .map(OperationProfile::kind)
                .forEach(kind -> kinds.merge(kind.name, kind, Kind::and));
        OptionalDouble gpuMib = devices.stream()
                .flatMap(device -> device.getNodeStatsList().stream())
                .flatMap(node -> node.getMemoryList().stream())
                .filter(memory -> memory.getAllocatorName().startsWith(GPU_ALLOCATOR))
                .mapToDouble(memory -> memory.getAllocatorBytesInUse() / 1048576.0)
                .max();
        return new OperationProfile(
                kinds.values().stream()
                        .sorted(Comparator.comparingDouble(Kind::millis).reversed())
                        .toList(),
                gpuMib);
    }

    /** Milliseconds of all operations. */
    public double millis() {
        return kinds.stream().mapToDouble(Kind::millis).sum();
    }

    private static boolean isOfKernels(DeviceStepStats device) {
        return device.getDevice().endsWith(KERNELS);
    }

    private static Kind kind(NodeExecStats node) {
        return new Kind(name(node), 1, 1e-3 * (node.getOpEndRelMicros() - node.getOpStartRelMicros()));
    }

    /** A processor's operation is labelled {@code name = Kind(inputs)}, a GPU's kernel is named {@code name:Kind}. */
    private static String name(NodeExecStats node) {
        String label = node.getTimelineLabel();
        int equals = label.indexOf(" = ");
        int bracket = label.indexOf('(', equals);
        if (equals >= 0 && bracket > equals) {
            return label.substring(equals + 3, bracket);
        }
        return node.getNodeName().substring(node.getNodeName().lastIndexOf(':') + 1);
    }
}

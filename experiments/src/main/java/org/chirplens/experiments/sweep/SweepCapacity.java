package org.chirplens.experiments.sweep;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import org.chirplens.model.Devices;
import org.chirplens.model.FloatArray;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;

/**
 * What a trial takes of memory, estimated from above, and what the machine has for trials: four fifths of Java's heap, and
 * half of the machine's memory for TensorFlow.
 *
 * @param heapBytes for copies of the weights: as started from, as trained, as of the best epoch, on their way to a file
 * @param nativeBytes of TensorFlow: weights, gradients, AdamW's moments and what the backward pass keeps of a batch
 */
record SweepCapacity(long heapBytes, long nativeBytes) {
    private static final long BASE_HEAP = 64L << 20;
    private static final long BASE_NATIVE = 384L << 20;
    private static final int COPIES_IN_HEAP = 5;
    private static final int COPIES_IN_TENSORFLOW = 4;

    /** The memory of a trial that trains a model with batches of some size. */
    static SweepCapacity of(ModelConfig model, int batchSize) {
        long parameters = Parameters.shapes(model).values().stream()
                .mapToLong(FloatArray::size)
                .sum();
        VitConfig vit = model.vit();
        long tokens = vit.numTokens();
        long block = tokens * (12L * vit.hiddenSize() + 4L * vit.mlpSize()) + 4L * vit.numHeads() * tokens * tokens;
        long activations = (long) batchSize * vit.numLayers() * block * Float.BYTES;
        return new SweepCapacity(
                BASE_HEAP + COPIES_IN_HEAP * parameters * Float.BYTES,
                BASE_NATIVE + COPIES_IN_TENSORFLOW * parameters * Float.BYTES + activations);
    }

    SweepCapacity atLeast(SweepCapacity other) {
        return new SweepCapacity(Math.max(heapBytes, other.heapBytes), Math.max(nativeBytes, other.nativeBytes));
    }

    /** How many such trials this process and machine have memory for; at least one, which a run needs too. */
    int trials() {
        long heap = Runtime.getRuntime().maxMemory() / 5 * 4;
        return trials(heap, machineBytes() / 2);
    }

    /** How many such trials the smallest of some GPUs has memory for; at least one. */
    int trialsOn(List<Devices.Device> devices) {
        long least = devices.stream()
                .filter(Devices.Device::isGpu)
                .mapToLong(Devices.Device::bytes)
                .min()
                .orElse(Long.MAX_VALUE);
        return trials(Long.MAX_VALUE, least);
    }

    int trials(long heap, long nativeMemory) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.min(heap / heapBytes, nativeMemory / nativeBytes)));
    }

    private static long machineBytes() {
        // Inside a container this is the container's limit.
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }

    /** For a message: {@code 0.1 GB of Java's heap and 1.2 GB beside it}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%.1f GB of Java's heap and %.1f GB beside it", heapBytes / 1e9, nativeBytes / 1e9);
    }
}

package org.chirplens.model;

import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/**
 * Where and how wide a session runs.
 *
 * @param device {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:n}
 * @param threads threads that one operation may use; 0 lets TensorFlow take every core
 * @param precision of the matrix products of inference; training has its own
 */
public record SessionOptions(String device, int threads, Precision precision) {
    /** In float32. */
    public SessionOptions(String device, int threads) {
        this(device, threads, Precision.FLOAT32);
    }

    public SessionOptions {
        if (!device.matches("auto|cpu|gpu(:\\d+)?")) {
            throw new IllegalArgumentException("device must be auto, cpu, gpu or gpu:N, found " + device);
        }
        if (threads < 0) {
            throw new IllegalArgumentException("threads must be at least 0, found " + threads);
        }
    }

    /** Any device, all cores. */
    public static SessionOptions defaults() {
        return new SessionOptions("auto", 0);
    }

    /**
     * Whether sessions have a GPU that rounds the factors of float32 products to TF32: cuBLAS reads this from the
     * environment, and TensorFlow rounds unless it is set to 0.
     */
    public boolean roundsToTf32() {
        return !"0".equals(System.getenv("NVIDIA_TF32_OVERRIDE")) && Devices.hasGpu(this);
    }

    /** Whether a GPU is asked for, rather than taken where there is one. */
    public boolean requiresGpu() {
        return device.startsWith("gpu");
    }

    /**
     * Opens a session for a graph, which the caller closes.
     *
     * @throws IllegalStateException when a GPU is asked for and an operation of the graph has no kernel for it
     */
    public Session open(Graph graph) {
        if (requiresGpu()) {
            GpuPlacement.require(graph);
        }
        return new Session(graph, proto());
    }

    /**
     * The session's configuration. One operation runs at a time (inter-op 1), so that sums are formed in the same order
     * in every run of the same machine and settings. Each session has an inter-op thread of its own: the process's one
     * would let sessions run only in turn. The threads of operations are the process's, as many as its first session
     * asked for.
     */
    ConfigProto proto() {
        ConfigProto.Builder proto = ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(threads)
                .setInterOpParallelismThreads(1)
                .setUsePerSessionThreads(true);
        if (device.equals("cpu")) {
            proto.putDeviceCount("GPU", 0);
        } else {
            GPUOptions.Builder gpu = GPUOptions.newBuilder().setAllowGrowth(true);
            if (device.startsWith("gpu:")) {
                gpu.setVisibleDeviceList(device.substring("gpu:".length()));
            }
            proto.setGpuOptions(gpu);
        }
        return proto.build();
    }
}

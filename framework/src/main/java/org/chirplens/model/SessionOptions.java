package org.chirplens.model;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.tensorflow.DeviceSpec;
import org.tensorflow.DeviceSpec.DeviceType;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.proto.RewriterConfig.Toggle;

/**
 * Where and how wide a session runs.
 *
 * @param device {@code auto}, {@code cpu}, {@code gpu}, {@code gpu:n}, or several: {@code gpu:0,1}, and {@code cpu:0,1}, which
 *     divides the processor in two
 * @param threads threads that one operation may use; 0 lets TensorFlow take every core
 * @param precision of the matrix products of inference; training has its own
 * @param gpuMemoryMib the most memory of each GPU to take; 0 leaves it to TensorFlow, which takes what it needs
 */
public record SessionOptions(String device, int threads, Precision precision, int gpuMemoryMib) {
    private static final Pattern DEVICE = Pattern.compile("auto|(cpu|gpu)(:\\d+(,\\d+)*)?");

    /**
     * TensorFlow rewrites the whole graph anew for each choice of feeds and fetches, of which a sweep has two for each layer. What
     * helps our graphs is that products take bias and GELU with them (remapping); the other rewriters look for what is not
     * there.
     */
    private static final RewriterConfig REWRITING = RewriterConfig.newBuilder()
            .setMetaOptimizerIterations(RewriterConfig.NumIterationsType.ONE)
            .setLayoutOptimizer(Toggle.OFF)
            .setShapeOptimization(Toggle.OFF)
            .setFunctionOptimization(Toggle.OFF)
            .setImplementationSelector(Toggle.OFF)
            .setLoopOptimization(Toggle.OFF)
            .setDependencyOptimization(Toggle.OFF)
            .setConstantFolding(Toggle.OFF)
            .setArithmeticOptimization(Toggle.OFF)
            .setMemoryOptimization(RewriterConfig.MemOptType.NO_MEM_OPT)
            .build();

    /** In float32. */
    public SessionOptions(String device, int threads) {
        this(device, threads, Precision.FLOAT32, 0);
    }

    public SessionOptions {
        if (!DEVICE.matcher(device).matches()) {
            throw new IllegalArgumentException("device must be auto, cpu, gpu, gpu:N or gpu:N,M, found " + device);
        }
        if (numbers(device).stream().distinct().count() < numbers(device).size()) {
            throw new IllegalArgumentException("device must name each GPU once, found " + device);
        }
        if (gpuMemoryMib < 0) {
            throw new IllegalArgumentException("gpuMemoryMib must be at least 0, found " + gpuMemoryMib);
        }
        if (threads < 0) {
            throw new IllegalArgumentException("threads must be at least 0, found " + threads);
        }
    }

    /** Any device, all cores. */
    public static SessionOptions defaults() {
        return new SessionOptions("auto", 0);
    }

    /** The numbers of the devices that are asked for; none where TensorFlow chooses one. */
    private static List<String> numbers(String device) {
        int colon = device.indexOf(':');
        return colon < 0 ? List.of() : List.of(device.substring(colon + 1).split(","));
    }

    /**
     * The devices that share the work of a model, each with a graph of its own. A session counts those that it sees from 0 on.
     *
     * @return one specification for each graph; empty where TensorFlow chooses the device
     */
    List<Optional<DeviceSpec>> places() {
        int devices = numbers(device).size();
        if (devices < 2) {
            return List.of(Optional.empty());
        }
        DeviceType type = requiresGpu() ? DeviceType.GPU : DeviceType.CPU;
        return IntStream.range(0, devices)
                .mapToObj(index -> Optional.of(DeviceSpec.newBuilder()
                        .deviceType(type)
                        .deviceIndex(index)
                        .build()))
                .toList();
    }

    /**
     * Whether sessions have a GPU that rounds the factors of float32 products to TF32: cuBLAS reads this from the
     * environment, and TensorFlow rounds unless it is set to 0.
     */
    public boolean roundsToTf32() {
        return !"0".equals(System.getenv("NVIDIA_TF32_OVERRIDE")) && Devices.hasGpu(this);
    }

    /** The device that sessions compute on: the one that is asked for, or what {@code auto} takes here, {@code gpu} or {@code cpu}. */
    public String deviceTaken() {
        if (!device.equals("auto")) {
            return device;
        }
        return Devices.hasGpu(this) ? "gpu" : "cpu";
    }

    /** What the matrix products of inference are made in: the precision's key, or {@code tf32} for float32 that a GPU rounds. */
    public String arithmetic() {
        return precision == Precision.FLOAT32 && roundsToTf32() ? "tf32" : precision.key();
    }

    /** Whether a GPU is asked for, rather than taken where there is one. */
    public boolean requiresGpu() {
        return device.startsWith("gpu");
    }

    /**
     * Opens a session for a graph, which the caller closes. A graph for which none can be opened is closed.
     *
     * @throws IllegalStateException when a GPU is asked for and an operation of the graph has no kernel for it
     */
    public Session open(Graph graph) {
        try {
            if (requiresGpu()) {
                GpuPlacement.require(graph);
            }
            return new Session(graph, proto());
        } catch (RuntimeException e) {
            graph.close();
            throw e;
        }
    }

    /**
     * Opens a session as {@link #open(Graph)} does. What is made of oneDNN's operations is fused already: TensorFlow cuts such a graph to
     * what a run needs before it places it, and rewrites nothing, so a first use takes a fifth of the time.
     *
     * @param kernels that the graph is made of
     */
    Session open(Graph graph, Kernels kernels) {
        if (kernels != Kernels.ONEDNN) {
            return open(graph);
        }
        return new Session(
                graph,
                proto().toBuilder()
                        .setGraphOptions(GraphOptions.newBuilder().setPlacePrunedGraph(true))
                        .build());
    }

    /**
     * The session's configuration. One operation runs at a time (inter-op 1), so that sums are formed in the same order
     * in every run of the same machine and settings. Each session has an inter-op thread of its own: the process's one
     * would let sessions run only in turn. The threads of operations are the process's, as many as its first session
     * asked for. Of TensorFlow's rewriters only those are on that make our graphs cheaper, see {@link #REWRITING}.
     */
    ConfigProto proto() {
        ConfigProto.Builder proto = ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(threads)
                .setInterOpParallelismThreads(1)
                .setUsePerSessionThreads(true)
                .setGraphOptions(GraphOptions.newBuilder().setRewriteOptions(REWRITING));
        List<String> numbers = numbers(device);
        if (device.startsWith("cpu")) {
            proto.putDeviceCount("GPU", 0);
            proto.putDeviceCount("CPU", Math.max(1, numbers.size()));
        } else {
            proto.setGpuOptions(gpuOptions(numbers));
        }
        return proto.build();
    }

    /** TensorFlow wants a limit for each GPU that it sees; without numbers it takes the first. */
    private GPUOptions gpuOptions(List<String> numbers) {
        GPUOptions.Builder gpu = GPUOptions.newBuilder().setAllowGrowth(true);
        if (!numbers.isEmpty()) {
            gpu.setVisibleDeviceList(String.join(",", numbers));
        }
        if (gpuMemoryMib > 0) {
            List<String> limited = numbers.isEmpty() ? List.of("0") : numbers;
            GPUOptions.Experimental.Builder limits = GPUOptions.Experimental.newBuilder();
            limited.forEach(number -> limits.addVirtualDevices(
                    GPUOptions.Experimental.VirtualDevices.newBuilder().addMemoryLimitMb(gpuMemoryMib)));
            gpu.setVisibleDeviceList(String.join(",", limited)).setExperimental(limits);
        }
        return gpu.build();
    }
}

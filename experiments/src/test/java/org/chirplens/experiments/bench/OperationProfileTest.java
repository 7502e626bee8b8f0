package org.chirplens.experiments.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.chirplens.experiments.bench.OperationProfile.Kind;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.AllocatorMemoryUsed;
import org.tensorflow.proto.DeviceStepStats;
import org.tensorflow.proto.NodeExecStats;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.proto.StepStats;

/** Traces as TensorFlow 2.18 writes them. */
class OperationProfileTest {
    private static NodeExecStats.Builder node(String name, String label, long micros) {
        return NodeExecStats.newBuilder()
                .setNodeName(name)
                .setTimelineLabel(label)
                .setOpStartRelMicros(10)
                .setOpEndRelMicros(10 + micros);
    }

    private static NodeExecStats.Builder holding(String allocator, long mib) {
        return node("x", "x = MatMul(a, b)", 1)
                .addMemory(AllocatorMemoryUsed.newBuilder()
                        .setAllocatorName(allocator)
                        .setAllocatorBytesInUse(mib << 20));
    }

    private static RunMetadata trace(DeviceStepStats.Builder... devices) {
        StepStats.Builder stats = StepStats.newBuilder();
        for (DeviceStepStats.Builder device : devices) {
            stats.addDevStats(device);
        }
        return RunMetadata.newBuilder().setStepStats(stats).build();
    }

    private static DeviceStepStats.Builder device(String name) {
        return DeviceStepStats.newBuilder().setDevice(name);
    }

    @Test
    void operationsOfAProcessorAreSummedByKind() {
        OperationProfile profile = OperationProfile.of(trace(device("/job:localhost/replica:0/task:0/device:CPU:0")
                .addNodeStats(node("a", "a = MatMul(x, w)", 2000))
                .addNodeStats(node("s", "s = Softmax(a)", 5000))
                .addNodeStats(node("b", "b = MatMul(s, w)", 1000))));
        assertThat(profile.kinds()).containsExactly(new Kind("Softmax", 1, 5), new Kind("MatMul", 2, 3));
        assertThat(profile.gpuMib()).isEmpty();
    }

    /** The processor's lines of such a trace tell when kernels were started, and what was allocated. */
    @Test
    void onAGpuItsKernelsCountAndWhatItsAllocatorHolds() {
        OperationProfile profile = OperationProfile.of(trace(
                device("/job:localhost/replica:0/task:0/device:GPU:0")
                        .addNodeStats(holding("GPU_0_bfc", 700))
                        .addNodeStats(holding("gpu_host_bfc", 900))
                        .addNodeStats(holding("GPU_0_bfc", 400)),
                device("/device:GPU:0/stream:all").addNodeStats(node("a:MatMul", "", 4000))));
        assertThat(profile.kinds()).containsExactly(new Kind("MatMul", 1, 4));
        assertThat(profile.gpuMib()).hasValue(700);
    }
}

package org.chirplens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

class SessionOptionsTest {
    private static final ModelConfig MODEL = ModelConfig.backbone(new VitConfig(24, 8, 20, 2, 4, 28, 1e-12));

    @ParameterizedTest
    @ValueSource(strings = {"tpu", "gpu:", "gpu:a", "gpu:0,", "auto:1", "gpu:0,0", "GPU"})
    void otherDevicesAreRefused(String device) {
        assertThatThrownBy(() -> new SessionOptions(device, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("device must")
                .hasMessageEndingWith("found " + device);
    }

    /** A session counts the devices that it sees from 0 on, whatever their numbers in the machine. */
    @Test
    void severalDevicesAreSeenAndHaveAPlaceEach() {
        SessionOptions options = new SessionOptions("gpu:1,3", 1);
        assertThat(options.proto().getGpuOptions().getVisibleDeviceList()).isEqualTo("1,3");
        assertThat(options.places().stream().map(place -> place.map(DeviceSpec::toString)))
                .map(place -> place.orElse("anywhere"))
                .containsExactly("/device:GPU:0", "/device:GPU:1");
        assertThat(new SessionOptions("gpu:2", 1).places()).hasSize(1).allMatch(place -> place.isEmpty());
    }

    /** TensorFlow requires a limit for each GPU that it sees. */
    @Test
    void aCapOfMemoryHoldsForEachGpu() {
        GPUOptions two = new SessionOptions("gpu:1,3", 1, Precision.FLOAT32, 3000)
                .proto()
                .getGpuOptions();
        assertThat(two.getExperimental().getVirtualDevicesList())
                .extracting(limits -> limits.getMemoryLimitMbList())
                .containsExactly(List.of(3000f), List.of(3000f));
        assertThat(two.getAllowGrowth()).isTrue();
        GPUOptions first =
                new SessionOptions("gpu", 1, Precision.FLOAT32, 500).proto().getGpuOptions();
        assertThat(first.getVisibleDeviceList()).isEqualTo("0");
        assertThat(first.getExperimental().getVirtualDevicesCount()).isEqualTo(1);
        ConfigProto uncapped = new SessionOptions("gpu", 1).proto();
        assertThat(uncapped.getGpuOptions().hasExperimental()).isFalse();
    }

    /** Were an operation left without, TensorFlow would put it on the first device, and arrays would travel between two. */
    @Test
    void everyOperationOfAGraphStaysOnItsDevice() {
        DeviceSpec second = new SessionOptions("cpu:0,1", 1).places().get(1).orElseThrow();
        try (Graph graph = new Graph()) {
            VisionTransformer.build(Ops.create(graph).withDevice(second), MODEL, Precision.FLOAT32);
            assertThat(graph.toGraphDef().getNodeList()).isNotEmpty().allSatisfy(node -> assertThat(node.getDevice())
                    .isEqualTo("/device:CPU:1"));
        }
    }

    @Test
    void partsOfTheProcessorStandForSeveralGpus() {
        SessionOptions options = new SessionOptions("cpu:0,1", 1);
        assertThat(Devices.list(options)).extracting(Devices.Device::name).containsExactly("CPU:0", "CPU:1");
        try (InferenceModel model = new InferenceModel(MODEL, RandomWeights.of(MODEL, 1), options);
                InferenceModel one =
                        new InferenceModel(MODEL, RandomWeights.of(MODEL, 1), new SessionOptions("cpu", 1))) {
            assertThat(model.atOnce()).isEqualTo(2);
            assertThat(one.atOnce()).isEqualTo(1);
        }
    }
}

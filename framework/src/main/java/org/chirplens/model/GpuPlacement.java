package org.chirplens.model;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.KernelDef;
import org.tensorflow.proto.KernelList;
import org.tensorflow.proto.NodeDef;

/**
 * Finds operations that TensorFlow would run on the processor beside a GPU. It does so without a word for each one that has no
 * kernel for the GPU, and the graph's arrays then travel to and fro.
 */
final class GpuPlacement {
    /** Device types that a GPU's kernels are registered for; those of {@code DEFAULT} are for every device. */
    private static final Set<String> DEVICE_TYPES = Set.of("GPU", "DEFAULT");

    private final Map<String, KernelList> kernels = new HashMap<>();

    /**
     * Requires a GPU kernel for every operation.
     *
     * @throws IllegalStateException when an operation of the graph has none in this build of TensorFlow
     */
    static void require(Graph graph) {
        GpuPlacement placement = new GpuPlacement();
        Set<String> kinds = new LinkedHashSet<>();
        List<String> without = new ArrayList<>();
        for (NodeDef node : graph.toGraphDef().getNodeList()) {
            if (!placement.runs(node)) {
                kinds.add(node.getOp());
                without.add(node.getName());
            }
        }
        if (!without.isEmpty()) {
            throw new IllegalStateException("this build of TensorFlow has no GPU kernel for " + without.size()
                    + " operations of the graph, the first of them " + without.get(0) + "; kinds: "
                    + String.join(", ", kinds) + "; --device auto would run them on the processor");
        }
    }

    private boolean runs(NodeDef node) {
        return kernels.computeIfAbsent(node.getOp(), GpuPlacement::registered).getKernelList().stream()
                .anyMatch(kernel -> DEVICE_TYPES.contains(kernel.getDeviceType()) && takes(kernel, node));
    }

    /** Whether the node's types are among those that the kernel is for. */
    private static boolean takes(KernelDef kernel, NodeDef node) {
        return kernel.getConstraintList().stream().allMatch(constraint -> {
            AttrValue value = node.getAttrMap().get(constraint.getName());
            return value != null
                    && constraint.getAllowedValues().getList().getTypeList().contains(value.getType());
        });
    }

    /** TensorFlow's Java API has no call for this, so the C API is asked. */
    private static KernelList registered(String operation) {
        TF_Status status = TF_Status.newStatus();
        TF_Buffer buffer = tensorflow.TF_GetRegisteredKernelsForOp(operation, status);
        status.throwExceptionIfNotOK();
        try {
            return KernelList.parseFrom(buffer.dataAsByteBuffer());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("TensorFlow's list of kernels for " + operation + " cannot be read", e);
        } finally {
            tensorflow.TF_DeleteBuffer(buffer);
        }
    }
}

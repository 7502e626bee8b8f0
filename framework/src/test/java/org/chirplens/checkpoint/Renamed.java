package org.chirplens.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.chirplens.model.FloatArray;

/** Copies of recorded tensors under other names. */
final class Renamed {
    private Renamed() {}

    static Map<String, FloatArray> of(Map<String, FloatArray> tensors, UnaryOperator<String> name) {
        Map<String, FloatArray> renamed = new LinkedHashMap<>();
        tensors.forEach((old, tensor) -> renamed.put(name.apply(old), tensor));
        return renamed;
    }

    /** A name of transformers 4 as transformers 5 has it. */
    static String version5(String name) {
        return version5(name, "layers.");
    }

    static String version5(String name, String blocks) {
        return name.replace("encoder.layer.", blocks)
                .replace(".attention.attention.query.", ".attention.q_proj.")
                .replace(".attention.attention.key.", ".attention.k_proj.")
                .replace(".attention.attention.value.", ".attention.v_proj.")
                .replace(".attention.output.dense.", ".attention.o_proj.")
                .replace(".intermediate.dense.", ".mlp.fc1.")
                .replace(".output.dense.", ".mlp.fc2.");
    }
}

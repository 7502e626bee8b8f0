package org.chirplens.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.chirplens.model.FloatArray;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;

/** A regression head in a file of its own, whose names are ours without {@code regression_head.}. */
public final class RegressionHead {
    private RegressionHead() {}

    /**
     * Reads a regression head.
     *
     * @param vit the backbone that it belongs to
     * @param outputs numbers that it predicts
     * @return its parameters by our names
     * @throws IllegalArgumentException when tensors are missing, unexpected, misshapen or not finite; all are listed
     * @throws java.io.UncheckedIOException when the file cannot be read
     */
    public static Map<String, FloatArray> read(Path file, VitConfig vit, int outputs) {
        Map<String, int[]> shapes = Parameters.shapes(new ModelConfig(vit, null, outputs));
        shapes.keySet().removeIf(name -> !Parameters.isRegressionHead(name));
        return StrictTensors.take(file, TensorFiles.read(file), shapes, RegressionHead::inFile, Set.of());
    }

    /** Writes the regression head of a model; its other parameters are left out. */
    static void write(Path file, Map<String, FloatArray> weights) {
        Map<String, FloatArray> head = new LinkedHashMap<>();
        weights.forEach((name, value) -> {
            if (Parameters.isRegressionHead(name)) {
                head.put(inFile(name), value);
            }
        });
        Safetensors.write(file, head, Map.of());
    }

    private static String inFile(String parameter) {
        return parameter.substring(Parameters.REGRESSION_HEAD.length() + 1);
    }
}

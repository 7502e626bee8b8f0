package org.chirplens.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.chirplens.model.FloatArray;

/** Takes from a file exactly the tensors that a model needs, or says in one message all that is wrong with it. */
final class StrictTensors {
    private StrictTensors() {}

    /**
     * Compares the tensors of a file with what is needed.
     *
     * @param file for the message
     * @param found the file's tensors, by the file's names
     * @param shapes shape of each parameter that is needed, by our names
     * @param fileName from our names to the file's
     * @param ignored further names that the file may have
     * @return the tensors that are needed, by our names
     * @throws IllegalArgumentException when a tensor is missing, unexpected, misshapen or not finite; all are listed
     */
    static Map<String, FloatArray> take(
            Path file,
            Map<String, FloatArray> found,
            Map<String, int[]> shapes,
            UnaryOperator<String> fileName,
            Set<String> ignored) {
        List<String> problems = new ArrayList<>();
        Map<String, FloatArray> taken = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> {
            FloatArray tensor = found.get(fileName.apply(name));
            if (tensor == null) {
                problems.add("missing " + fileName.apply(name) + " " + Arrays.toString(shape));
            } else if (!Arrays.equals(tensor.shape(), shape)) {
                problems.add("misshapen " + fileName.apply(name) + ": expected " + Arrays.toString(shape) + ", found "
                        + Arrays.toString(tensor.shape()));
            } else if (!isFinite(tensor)) {
                problems.add("not finite " + fileName.apply(name));
            } else {
                taken.put(name, tensor);
            }
        });
        Set<String> expected = shapes.keySet().stream().map(fileName).collect(Collectors.toSet());
        found.keySet().stream()
                .filter(name -> !expected.contains(name) && !ignored.contains(name))
                .forEach(name -> problems.add("unexpected " + name));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(file + ": tensors do not fit the model: " + String.join("; ", problems));
        }
        return taken;
    }

    static boolean isFinite(FloatArray tensor) {
        for (float value : tensor.data()) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}

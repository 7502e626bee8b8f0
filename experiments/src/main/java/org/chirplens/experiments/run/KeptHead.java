package org.chirplens.experiments.run;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.checkpoint.ModelCard;
import org.chirplens.checkpoint.ModelDirectory;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.model.FloatArray;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;

/** The regression head of a backbone that is trained on, which predicts the same seconds and hertz for labels in another scaling. */
final class KeptHead {
    private static final String LAST_LAYER = Parameters.REGRESSION_HEAD + ".4.";

    private KeptHead() {}

    /**
     * Reads a head and rescales its last layer.
     *
     * @param backbone a model directory, or another place, which has no head
     * @param vit the backbone's size
     * @param scaling of the labels that training goes on with
     * @return its parameters; empty where there is none for these targets, or where adapters belong to the model as well
     * @throws IllegalArgumentException when the head's file is not as it must be
     */
    static Map<String, FloatArray> of(Path backbone, VitConfig vit, TargetScaling scaling) {
        Map<String, FloatArray> head = new LinkedHashMap<>(ModelDirectory.headOfBackbone(backbone, vit));
        if (head.isEmpty()) {
            return head;
        }
        ModelCard card = ModelDirectory.card(backbone);
        boolean same = Target.agree(TargetsJson.of(card), scaling.targets())
                && card.labelMean().size() == card.outputs()
                && card.labelStd().size() == card.outputs();
        if (!same) {
            return Map.of();
        }
        TargetScaling own = new TargetScaling(scaling.targets(), numbers(card.labelMean()), numbers(card.labelStd()));
        head.replaceAll((name, value) -> name.startsWith(LAST_LAYER) ? rescaled(name, value, own, scaling) : value);
        return head;
    }

    /** {@code z' = (s z + m - m') / s'} of outputs z in the scaling (m, s), as weights of the layer that gives z' instead. */
    private static FloatArray rescaled(String name, FloatArray layer, TargetScaling from, TargetScaling to) {
        FloatArray result = FloatArray.zeros(layer.shape());
        int inputs = layer.data().length / from.std().length;
        for (int i = 0; i < layer.data().length; i++) {
            int target = i / inputs;
            double shift = name.endsWith(".bias") ? from.mean()[target] - to.mean()[target] : 0;
            result.data()[i] = (float) ((from.std()[target] * layer.data()[i] + shift) / to.std()[target]);
        }
        return result;
    }

    private static double[] numbers(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}

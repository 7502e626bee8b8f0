package org.chirplens.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.file.Sha256;
import org.chirplens.model.FloatArray;
import org.chirplens.model.ModelConfig;

/**
 * What makes two runs the same: model, training settings, data and initial weights. A checkpoint carries it, and a run
 * with another identity does not go on from there.
 */
final class RunIdentity {
    private RunIdentity() {}

    static Map<String, String> of(
            ModelConfig model, TrainingConfig training, TrainingData data, Map<String, FloatArray> initial) {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("model", model(model));
        identity.put("training", withoutNeutral(training.toString()));
        identity.put("preprocessing", data.preprocessing().key());
        identity.put("label scaling", scaling(data.scaling()));
        identity.put("training images", data.train().length + " " + digest(data.train()));
        identity.put("validation images", data.validation().length + " " + digest(data.validation()));
        identity.put("initial weights", digest(initial));
        if (training.axesEpochs() > 0) {
            identity.put("axes", String.valueOf(data.axes()));
        }
        return identity;
    }

    /** A setting that not all checkpoints have is left out where it changes nothing. */
    private static String withoutNeutral(String settings) {
        return settings.replace("fixedPatches=false, ", "").replace("axesEpochs=0, ", "");
    }

    /** Targets are named where they are not the released ones, which older checkpoints take for granted. */
    private static String scaling(TargetScaling scaling) {
        String values = Arrays.toString(scaling.mean()) + " " + Arrays.toString(scaling.std());
        List<Target> targets = scaling.targets();
        return targets.equals(Target.RELEASED) ? values : Target.list(targets) + " " + values;
    }

    /** As checkpoints have always had it; the number of outputs is that of the targets. */
    private static String model(ModelConfig model) {
        return "ModelConfig[vit=" + model.vit() + ", lora=" + model.lora() + ", regressionHead="
                + model.regressionHead() + "]";
    }

    /** @throws IllegalStateException that names what differs */
    static void require(Map<String, String> expected, Map<String, String> found, Object place) {
        expected.forEach((part, value) -> {
            String other = found.get(part);
            if (other == null || !value.equals(withoutNeutral(other))) {
                throw new IllegalStateException("the checkpoint " + place + " belongs to another run, its " + part
                        + " differ: " + other + " there, " + value
                        + " here; resume with what it was made with, or train into another directory");
            }
        });
    }

    private static String digest(int[] values) {
        return shortened(new Sha256().add(values));
    }

    private static String digest(Map<String, FloatArray> arrays) {
        Sha256 sha = new Sha256();
        new TreeMap<>(arrays).values().forEach(array -> sha.add(array.data()));
        return shortened(sha);
    }

    private static String shortened(Sha256 sha) {
        return sha.hex().substring(0, 16);
    }
}

package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.chirplens.checkpoint.ModelCard;
import org.chirplens.dataset.Target;

/** Targets in the manifest of a run and on the card of a model; both leave the released ones unsaid. */
public final class TargetsJson {
    private static final String FIELD = "targets";

    private TargetsJson() {}

    /** Notes targets in an object. */
    static void put(ObjectNode tree, List<Target> targets) {
        if (!targets.equals(Target.RELEASED)) {
            var list = tree.putArray(FIELD);
            targets.forEach(target -> list.addObject()
                    .put("key", target.key())
                    .put("title", target.title())
                    .put("unit", target.unit()));
        }
    }

    /** What the model of a run predicts. */
    public static List<Target> ofRun(RunFiles files) {
        return read(JsonFiles.read(files.manifest()).path("labels"));
    }

    /** Reads what {@link #put} noted. */
    static List<Target> read(JsonNode tree) {
        List<Target> targets = new ArrayList<>();
        for (JsonNode target : tree.path(FIELD)) {
            targets.add(new Target(
                    target.path("key").asText(),
                    target.path("title").asText(),
                    target.path("unit").asText()));
        }
        return targets.isEmpty() ? Target.RELEASED : targets;
    }

    /** The targets of a model. */
    static List<Target> of(ModelCard card) {
        return card.targets().isEmpty()
                ? Target.RELEASED
                : card.targets().stream()
                        .map(name -> new Target(name.key(), name.title(), name.unit()))
                        .toList();
    }

    /** Targets as a model's card has them. */
    static List<ModelCard.TargetName> names(List<Target> targets) {
        return targets.equals(Target.RELEASED)
                ? List.of()
                : targets.stream()
                        .map(target -> new ModelCard.TargetName(target.key(), target.title(), target.unit()))
                        .toList();
    }
}

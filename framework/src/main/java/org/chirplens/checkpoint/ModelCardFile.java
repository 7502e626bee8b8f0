package org.chirplens.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.chirplens.checkpoint.ModelCard.TargetName;
import org.chirplens.model.ModelConfig;

/** {@code chirplens.json}: reads and writes a {@link ModelCard}. */
final class ModelCardFile {
    static final String NAME = "chirplens.json";

    private static final String FORMAT = "format_version";
    private static final String TARGETS = "targets";
    private static final String MEAN = "label_mean";
    private static final String STD = "label_std";
    private static final String PREPROCESSING = "preprocessing";
    private static final String PROVENANCE = "provenance";
    private static final int VERSION = 1;

    private ModelCardFile() {}

    static ModelCard read(Path file) {
        JsonFile json = JsonFile.read(file);
        Set<String> unknown = new TreeSet<>();
        json.root().fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(Set.of(FORMAT, TARGETS, MEAN, STD, PREPROCESSING, PROVENANCE));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(file + ": unknown fields " + unknown);
        }
        if (json.requireInt(FORMAT) != VERSION) {
            throw json.error(FORMAT, "must be " + VERSION, json.get(FORMAT));
        }
        List<TargetName> targets = targets(json);
        int outputs = targets.isEmpty() ? ModelConfig.RELEASED_OUTPUTS : targets.size();
        List<Double> mean = numbers(json, MEAN, outputs);
        List<Double> std = numbers(json, STD, outputs);
        if (mean.size() != std.size() || std.stream().anyMatch(s -> s <= 0)) {
            throw json.error(STD, "must have a value above 0 for each of " + MEAN, json.get(STD));
        }
        JsonNode preprocessing = json.get(PREPROCESSING);
        if (preprocessing == null || !preprocessing.isTextual()) {
            throw json.error(PREPROCESSING, "must be the name of a recipe", preprocessing);
        }
        if (!(json.get(PROVENANCE) instanceof ObjectNode provenance)) {
            throw json.error(PROVENANCE, "must be an object", json.get(PROVENANCE));
        }
        return new ModelCard(targets, mean, std, preprocessing.textValue(), provenance);
    }

    static void write(Path file, ModelCard card) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put(FORMAT, VERSION);
        if (!card.targets().isEmpty()) {
            ArrayNode targets = json.putArray(TARGETS);
            card.targets().forEach(target -> targets.addObject()
                    .put("key", target.key())
                    .put("title", target.title())
                    .put("unit", target.unit()));
        }
        card.labelMean().forEach(json.putArray(MEAN)::add);
        card.labelStd().forEach(json.putArray(STD)::add);
        json.put(PREPROCESSING, card.preprocessing());
        json.set(PROVENANCE, card.provenance());
        JsonFile.write(file, json);
    }

    /** The targets; none where the file does not state them, which stands for the released ones. */
    private static List<TargetName> targets(JsonFile json) {
        JsonNode found = json.get(TARGETS);
        if (found == null) {
            return List.of();
        }
        List<TargetName> targets = new ArrayList<>();
        for (JsonNode target : found) {
            if (Stream.of("key", "title", "unit")
                    .allMatch(field -> target.path(field).isTextual())) {
                targets.add(new TargetName(
                        target.path("key").textValue(),
                        target.path("title").textValue(),
                        target.path("unit").textValue()));
            }
        }
        if (!found.isArray() || targets.isEmpty() || targets.size() != found.size()) {
            throw json.error(TARGETS, "must be a list of objects with key, title and unit, all text", found);
        }
        return targets;
    }

    private static List<Double> numbers(JsonFile json, String field, int outputs) {
        JsonNode found = json.get(field);
        List<Double> values = new ArrayList<>();
        if (found != null && found.isArray()) {
            found.forEach(value -> values.add(value.isNumber() ? value.doubleValue() : Double.NaN));
        }
        boolean sized = values.isEmpty() || values.size() == outputs;
        if (found == null || !found.isArray() || !sized || !values.stream().allMatch(Double::isFinite)) {
            throw json.error(field, "must be a list of " + outputs + " numbers, or empty", found);
        }
        return values;
    }
}

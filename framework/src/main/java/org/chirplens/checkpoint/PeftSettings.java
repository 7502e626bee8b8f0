package org.chirplens.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * PEFT's {@code adapter_config.json} of a LoRA adapter. A setting that changes what the adapter computes in a way that
 * we do not must be absent or have its neutral value, also when it is one that we have never heard of.
 *
 * @param json the file, for complaints
 * @param rank of modules that {@code rankPattern} says nothing of
 * @param alpha of modules that {@code alphaPattern} says nothing of
 * @param rankStabilised whether the scaling divides by the rank's square root
 * @param dropout before A, in training
 * @param targets names of the adapted modules, whole or their last parts; null when there is an expression
 * @param targetExpression a regular expression of their names, or {@code all-linear}; null when there is a list
 * @param rankPattern ranks by regular expressions of names
 * @param alphaPattern alphas by regular expressions of names
 * @param hasVersion whether the file names the version of PEFT that wrote it, as newer ones do
 */
record PeftSettings(
        JsonFile json,
        int rank,
        double alpha,
        boolean rankStabilised,
        double dropout,
        @Nullable List<String> targets,
        @Nullable String targetExpression,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern,
        boolean hasVersion) {
    static final String FILE_NAME = "adapter_config.json";
    static final String ALL_LINEAR = "all-linear";
    static final String TARGETS = "target_modules";
    static final String RANK_PATTERN = "rank_pattern";
    static final String ALPHA_PATTERN = "alpha_pattern";

    /** Settings that say where an adapter comes from or how it was started, not what it computes. */
    private static final Set<String> INFORMATIVE = Set.of(
            "auto_mapping",
            "base_model_name_or_path",
            "eva_config",
            "inference_mode",
            "megatron_core",
            "peft_version",
            "qalora_group_size",
            "revision",
            "runtime_config",
            "task_type");

    /** Settings that are read or checked below. */
    private static final Set<String> CHECKED = Set.of(
            "peft_type",
            "r",
            "lora_alpha",
            "lora_dropout",
            "use_rslora",
            "bias",
            "init_lora_weights",
            TARGETS,
            RANK_PATTERN,
            ALPHA_PATTERN);

    /**
     * Reads the settings.
     *
     * @throws IllegalArgumentException when a setting is missing or not supported; the message names it
     * @throws java.io.UncheckedIOException when the file cannot be read
     */
    static PeftSettings read(Path file) {
        JsonFile json = JsonFile.read(file);
        requireText(json, "peft_type", "LORA");
        if (json.get("bias") != null) {
            requireText(json, "bias", "none");
        }
        checkInitialisation(json);
        json.root().properties().forEach(field -> {
            boolean known = CHECKED.contains(field.getKey()) || INFORMATIVE.contains(field.getKey());
            if (!known && !isNeutral(field.getValue())) {
                throw json.error(
                        field.getKey(), "is not supported and must be absent, null, false or empty", field.getValue());
            }
        });
        JsonNode stabilised = json.get("use_rslora");
        if (stabilised != null && !stabilised.isBoolean()) {
            throw json.error("use_rslora", "must be true or false", stabilised);
        }
        JsonNode targets = json.get(TARGETS);
        String expression = targets != null && targets.isTextual() ? targets.textValue() : null;
        return new PeftSettings(
                json,
                json.requireInt("r"),
                json.number("lora_alpha")
                        .orElseThrow(() -> json.error("lora_alpha", "must be a number", json.get("lora_alpha"))),
                stabilised != null && stabilised.booleanValue(),
                json.number("lora_dropout").orElse(0),
                expression == null ? names(json, targets) : null,
                expression,
                pattern(json, RANK_PATTERN, "an integer", PeftSettings::isInt, JsonNode::intValue),
                pattern(json, ALPHA_PATTERN, "a number", JsonNode::isNumber, JsonNode::doubleValue),
                json.get("peft_version") != null);
    }

    private static List<String> names(JsonFile json, @Nullable JsonNode targets) {
        List<String> names = new ArrayList<>();
        if (targets != null && targets.isArray()) {
            targets.forEach(name -> names.add(name.isTextual() ? name.textValue() : ""));
        }
        if (names.isEmpty() || names.contains("")) {
            throw json.error(TARGETS, "must be a list of names or a regular expression", targets);
        }
        return names;
    }

    private static <T> Map<String, T> pattern(
            JsonFile json, String field, String kind, Predicate<JsonNode> isOne, Function<JsonNode, T> read) {
        Map<String, T> pattern = new LinkedHashMap<>();
        JsonNode found = json.get(field);
        if (found != null && !found.isObject()) {
            throw json.error(field, "must be an object of names and values", found);
        }
        if (found != null) {
            found.properties().forEach(entry -> {
                if (!isOne.test(entry.getValue())) {
                    throw json.error(field + "." + entry.getKey(), "must be " + kind, entry.getValue());
                }
                pattern.put(entry.getKey(), read.apply(entry.getValue()));
            });
        }
        return pattern;
    }

    private static boolean isInt(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt();
    }

    private static void requireText(JsonFile json, String field, String expected) {
        JsonNode found = json.get(field);
        if (found == null || !found.isTextual() || !found.textValue().equals(expected)) {
            throw json.error(field, "must be \"" + expected + "\", other values are not supported", found);
        }
    }

    // pissa, olora, corda, loftq and lora_ga change the base weights too, so their matrices do not fit the backbone.
    private static void checkInitialisation(JsonFile json) {
        JsonNode found = json.get("init_lora_weights");
        boolean plain = found == null
                || found.isBoolean()
                || Set.of("gaussian", "eva", "orthogonal").contains(found.asText());
        if (!plain) {
            throw json.error("init_lora_weights", "must be a boolean, \"gaussian\", \"eva\" or \"orthogonal\"", found);
        }
    }

    private static boolean isNeutral(JsonNode value) {
        return value.isNull()
                || (value.isBoolean() && !value.booleanValue())
                || (value.isContainerNode() && value.isEmpty());
    }
}

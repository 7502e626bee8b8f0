package org.chirplens.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chirplens.model.FloatArray;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;

/**
 * A LoRA adapter folder of Hugging Face's PEFT: {@code adapter_config.json} and {@code adapter_model.safetensors},
 * whose names are ours behind {@code base_model.model.}. LoRA on query and value, without variants, is what we
 * compute; an adapter that asks for anything else is refused by the setting's name.
 */
public final class PeftAdapter {
    static final String CONFIG_FILE = "adapter_config.json";
    static final String WEIGHTS_FILE = "adapter_model.safetensors";

    private static final String PREFIX = "base_model.model.";

    /** Settings that say where an adapter comes from or how it was started, not what it computes. */
    private static final Set<String> INFORMATIVE = Set.of(
            "auto_mapping",
            "base_model_name_or_path",
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
            "target_modules",
            "bias",
            "init_lora_weights",
            "eva_config");

    private static final List<String> TARGETS = List.of("query", "value");

    private PeftAdapter() {}

    /**
     * Reads the adapter's settings.
     *
     * @param folder the adapter folder
     * @throws IllegalArgumentException when a setting is missing or not supported; the message names it
     * @throws java.io.UncheckedIOException when the file cannot be read
     */
    public static LoraConfig readConfig(Path folder, VitConfig vit) {
        Path file = requireFile(folder, CONFIG_FILE);
        JsonFile json = JsonFile.read(file);
        requireText(json, "peft_type", "LORA");
        if (json.get("bias") != null) {
            requireText(json, "bias", "none");
        }
        checkTargets(json);
        checkInitialisation(json);
        json.root().properties().forEach(field -> {
            boolean known = CHECKED.contains(field.getKey()) || INFORMATIVE.contains(field.getKey());
            if (!known && !isNeutral(field.getValue())) {
                throw json.error(
                        field.getKey(), "is not supported and must be absent, null, false or empty", field.getValue());
            }
        });
        int rank = json.requireInt("r");
        double alpha = json.number("lora_alpha")
                .orElseThrow(() -> json.error("lora_alpha", "must be a number", json.get("lora_alpha")));
        double dropout = json.number("lora_dropout").orElse(0);
        try {
            return LoraConfig.onQueryAndValue(vit, rank, alpha, dropout);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads the adapter's matrices.
     *
     * @return the matrices A and B of every layer, by our names
     * @throws IllegalArgumentException when tensors are missing, unexpected, misshapen or not finite; all are listed
     * @throws java.io.UncheckedIOException when the file cannot be read
     */
    public static Map<String, FloatArray> readWeights(Path folder, VitConfig vit, LoraConfig lora) {
        Path file = requireFile(folder, WEIGHTS_FILE);
        Map<String, int[]> shapes = Parameters.shapes(new ModelConfig(vit, lora, false));
        shapes.keySet().removeIf(name -> !Parameters.isLora(name));
        return StrictTensors.take(file, Safetensors.read(file), shapes, name -> PREFIX + name, Set.of());
    }

    /**
     * Writes a model's adapter as PEFT does, whole or not at all. An earlier adapter at that place is replaced.
     *
     * @throws IllegalArgumentException when the model has no adapter, or the place is taken by anything else
     * @throws java.io.UncheckedIOException when it cannot be written
     */
    public static void write(Path folder, TrainedModel model) {
        StagedPath.requireReplaceable(folder, "PEFT adapter", CONFIG_FILE, Set.of(CONFIG_FILE, WEIGHTS_FILE)::contains);
        StagedPath.writeDirectory(folder, partial -> writeFiles(partial, model));
    }

    static void writeFiles(Path folder, TrainedModel model) {
        LoraConfig lora = model.config().lora();
        if (lora == null) {
            throw new IllegalArgumentException("the model has no LoRA adapter to write");
        }
        Map<String, FloatArray> tensors = new LinkedHashMap<>();
        model.weights().forEach((name, value) -> {
            if (Parameters.isLora(name)) {
                tensors.put(PREFIX + name, value);
            }
        });
        Safetensors.write(folder.resolve(WEIGHTS_FILE), tensors, Map.of());
        JsonFile.write(folder.resolve(CONFIG_FILE), config(lora));
    }

    private static ObjectNode config(LoraConfig lora) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("alpha_pattern");
        json.putObject("auto_mapping")
                .put("base_model_class", "ViTModel")
                .put("parent_library", "transformers.models.vit.modeling_vit");
        json.putNull("base_model_name_or_path");
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("inference_mode", true);
        json.put("init_lora_weights", true);
        json.putNull("layers_pattern");
        json.putNull("layers_to_transform");
        LoraConfig.Adapter adapter = lora.adapters().values().iterator().next();
        if (adapter.alpha() == Math.rint(adapter.alpha())) {
            json.put("lora_alpha", (long) adapter.alpha());
        } else {
            json.put("lora_alpha", adapter.alpha());
        }
        json.put("lora_dropout", lora.dropout());
        json.putNull("modules_to_save");
        json.put("peft_type", "LORA");
        json.put("r", adapter.rank());
        json.putObject("rank_pattern");
        json.putNull("revision");
        TARGETS.forEach(json.putArray("target_modules")::add);
        json.putNull("task_type");
        json.put("use_dora", false);
        json.put("use_rslora", false);
        return json;
    }

    private static void requireText(JsonFile json, String field, String expected) {
        JsonNode found = json.get(field);
        if (found == null || !found.isTextual() || !found.textValue().equals(expected)) {
            throw json.error(field, "must be \"" + expected + "\", other values are not supported", found);
        }
    }

    private static void checkTargets(JsonFile json) {
        JsonNode found = json.get("target_modules");
        Set<String> names = new HashSet<>();
        if (found != null && found.isArray()) {
            found.forEach(name -> names.add(name.asText()));
        }
        if (!names.equals(Set.copyOf(TARGETS))) {
            throw json.error("target_modules", "must be [\"query\",\"value\"], other targets are not supported", found);
        }
    }

    // pissa, olora, corda and loftq change the base weights too, so their matrices do not fit the plain backbone.
    private static void checkInitialisation(JsonFile json) {
        JsonNode found = json.get("init_lora_weights");
        boolean plain =
                found == null || found.isBoolean() || Set.of("gaussian", "eva").contains(found.asText());
        if (!plain) {
            throw json.error("init_lora_weights", "must be a boolean, \"gaussian\" or \"eva\"", found);
        }
    }

    private static boolean isNeutral(JsonNode value) {
        return value.isNull()
                || (value.isBoolean() && !value.booleanValue())
                || (value.isContainerNode() && value.isEmpty());
    }

    private static Path requireFile(Path folder, String name) {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(folder + " is not a PEFT adapter: " + name + " does not exist");
        }
        return file;
    }
}

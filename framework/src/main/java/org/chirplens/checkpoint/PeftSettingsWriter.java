package org.chirplens.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.LoraTarget;
import org.chirplens.model.Parameters;

/**
 * Writes {@code adapter_config.json} so that every version of PEFT understands it alike: exceptions from the most
 * common rank and alpha stand in both patterns, by the modules' full names.
 */
final class PeftSettingsWriter {
    private PeftSettingsWriter() {}

    /**
     * Writes the settings.
     *
     * @param numLayers encoder blocks of the adapted model
     * @throws IllegalArgumentException when only some adapters are rank-stabilised, which PEFT cannot say
     */
    static void write(Path file, LoraConfig lora, int numLayers) {
        Map<String, LoraConfig.Adapter> adapters = new LinkedHashMap<>();
        for (String module : Parameters.linearModules(numLayers)) {
            LoraConfig.Adapter adapter = lora.adapter(module);
            if (adapter != null) {
                adapters.put(module, adapter);
            }
        }
        LoraConfig.Adapter common = mostCommon(adapters.values());
        ObjectNode ranks = JsonNodeFactory.instance.objectNode();
        ObjectNode alphas = JsonNodeFactory.instance.objectNode();
        adapters.forEach((module, adapter) -> {
            if (adapter.rankStabilised() != common.rankStabilised()) {
                throw new IllegalArgumentException("a PEFT adapter must be rank-stabilised as a whole or not at all,"
                        + " found both, such as on " + module);
            }
            if (!adapter.equals(common)) {
                ranks.put(module, adapter.rank());
                put(alphas, module, adapter.alpha());
            }
        });
        JsonFile.write(file, json(lora.dropout(), common, ranks, alphas, targets(adapters.keySet(), numLayers)));
    }

    private static LoraConfig.Adapter mostCommon(Collection<LoraConfig.Adapter> adapters) {
        Map<LoraConfig.Adapter, Integer> counts = new LinkedHashMap<>();
        adapters.forEach(adapter -> counts.merge(adapter, 1, Integer::sum));
        LoraConfig.Adapter most = adapters.iterator().next();
        for (Map.Entry<LoraConfig.Adapter, Integer> count : counts.entrySet()) {
            most = count.getValue() > counts.getOrDefault(most, 0) ? count.getKey() : most;
        }
        return most;
    }

    /** Short names where they stand for the adapted modules and no others, else full ones. */
    private static Collection<String> targets(Set<String> modules, int numLayers) {
        List<String> used = Arrays.stream(LoraTarget.values())
                .filter(target -> modules.contains(target.module(0)))
                .map(LoraTarget::moduleEnding)
                .toList();
        Set<String> meant = new LinkedHashSet<>(Parameters.linearModules(numLayers));
        meant.removeIf(module -> used.stream().noneMatch(name -> module.endsWith("." + name)));
        return meant.equals(modules) ? used : modules;
    }

    private static ObjectNode json(
            double dropout,
            LoraConfig.Adapter common,
            ObjectNode ranks,
            ObjectNode alphas,
            Collection<String> targets) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set(PeftSettings.ALPHA_PATTERN, alphas);
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
        put(json, "lora_alpha", common.alpha());
        json.put("lora_dropout", dropout);
        json.putNull("modules_to_save");
        json.put("peft_type", "LORA");
        json.put("r", common.rank());
        json.set(PeftSettings.RANK_PATTERN, ranks);
        json.putNull("revision");
        targets.forEach(json.putArray(PeftSettings.TARGETS)::add);
        json.putNull("task_type");
        json.put("use_dora", false);
        json.put("use_rslora", common.rankStabilised());
        return json;
    }

    /** PEFT's alphas are integers where they can be. */
    private static void put(ObjectNode json, String field, double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            json.put(field, (long) value);
        } else {
            json.put(field, value);
        }
    }
}

package org.chirplens.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chirplens.file.WholeDirectory;
import org.chirplens.model.FloatArray;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;

/**
 * A LoRA adapter folder of Hugging Face's PEFT: {@code adapter_config.json} and {@code adapter_model.safetensors} or
 * {@code adapter_model.bin}. Adapters on any linear layers of the encoder are what we compute; an adapter that asks for
 * anything else is refused by the setting's name.
 *
 * @param lora which layers are adapted, and how
 * @param weights the matrices A and B of every adapted layer, by our names
 */
public record PeftAdapter(LoraConfig lora, Map<String, FloatArray> weights) {
    static final String CONFIG_FILE = PeftSettings.FILE_NAME;
    static final String WEIGHTS_FILE = "adapter_model.safetensors";

    static final String OLD_WEIGHTS_FILE = "adapter_model.bin";

    private static final List<String> WEIGHTS_FILES = List.of(WEIGHTS_FILE, OLD_WEIGHTS_FILE);
    private static final String PREFIX = "base_model.model.";
    private static final String POOLER = "pooler.dense";

    /**
     * Reads an adapter.
     *
     * @param folder the adapter folder
     * @param vit the backbone that it adapts
     * @throws IllegalArgumentException when a setting is missing or not supported, which the message names; or when
     *     tensors are missing, unexpected, misshapen or not finite, which are all listed
     * @throws java.io.UncheckedIOException when a file cannot be read
     */
    public static PeftAdapter read(Path folder, VitConfig vit) {
        PeftSettings settings = PeftSettings.read(requireFile(folder, List.of(CONFIG_FILE)));
        Path file = requireFile(folder, WEIGHTS_FILES);
        Map<String, FloatArray> tensors = TensorFiles.read(file);
        ParameterNames names = ParameterNames.ofAdapter(file, tensors.keySet());
        PeftModules modules = new PeftModules(settings, names);
        LoraConfig lora = modules.adapters(vit);
        Map<String, int[]> shapes = shapes(settings.json().path(), vit, lora);
        shapes.keySet().removeIf(name -> !Parameters.isLora(name));
        Set<String> ignored = modules.isTarget(POOLER)
                ? Set.of(names.inFile(Parameters.loraA(POOLER)), names.inFile(Parameters.loraB(POOLER)))
                : Set.of();
        return new PeftAdapter(lora, StrictTensors.take(file, tensors, shapes, names::inFile, ignored));
    }

    private static Map<String, int[]> shapes(Path file, VitConfig vit, LoraConfig lora) {
        try {
            return Parameters.shapes(new ModelConfig(vit, lora, 0));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Writes a model's adapter as PEFT does, whole or not at all. An earlier adapter at that place is replaced.
     *
     * @throws IllegalArgumentException when the model has no adapter, or one that PEFT cannot express, or the place is
     *     taken by anything else
     * @throws java.io.UncheckedIOException when it cannot be written
     */
    public static void write(Path folder, TrainedModel model) {
        WholeDirectory.requireReplaceable(
                folder, "PEFT adapter", CONFIG_FILE, Set.of(CONFIG_FILE, WEIGHTS_FILE)::contains);
        WholeDirectory.write(folder, partial -> writeFiles(partial, model));
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
        PeftSettingsWriter.write(
                folder.resolve(CONFIG_FILE), lora, model.config().vit().numLayers());
        Safetensors.write(folder.resolve(WEIGHTS_FILE), tensors, Map.of());
    }

    private static Path requireFile(Path folder, List<String> names) {
        return names.stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        folder + " is not a PEFT adapter: " + String.join(" or ", names) + " does not exist"));
    }
}

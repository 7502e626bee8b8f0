package org.chirplens.experiments.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Every key that a config file may state, found by reflection over {@link ExperimentConfig}. */
final class KnownKeys {
    /** The section that makes a sweep of a config. */
    static final String SWEEP = "sweep";

    private KnownKeys() {}

    /** The full path of every key, sections included, such as {@code model.lora.rank}. */
    static List<String> all() {
        List<String> paths = new ArrayList<>();
        collect(ExperimentConfig.class, "", paths);
        return paths;
    }

    private static void collect(Class<?> type, String path, List<String> paths) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = SettingBinder.join(path, component.getName());
            Class<?> inner = component.getType() == List.class ? SettingBinder.element(component) : component.getType();
            paths.add(key);
            if (inner.isAnnotationPresent(Variants.class)) {
                paths.add(key + "." + inner.getAnnotation(Variants.class).key());
                variants(inner).values().forEach(variant -> collect(variant, key, paths));
            } else if (inner.isRecord()) {
                collect(inner, key, paths);
            }
        }
    }

    /** The records of a sealed interface by the value that chooses each. */
    static Map<String, Class<?>> variants(Class<?> sealed) {
        Map<String, Class<?>> variants = new LinkedHashMap<>();
        for (Class<?> permitted : sealed.getPermittedSubclasses()) {
            variants.put(permitted.getAnnotation(Variants.Variant.class).value(), permitted);
        }
        return variants;
    }

    /** The message for a key that its section does not know: names the nearest one that does exist. */
    static String unknown(String path, Collection<String> knownHere) {
        if (path.equals(SWEEP)) {
            return "'sweep' is read by ./chirplens sweep alone, which makes a run of each of its trials";
        }
        String section = path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : "";
        String key = path.substring(path.lastIndexOf('.') + 1);
        if (all().contains(path)) {
            return "'" + path + "' has no meaning beside the section's other choices; known here: "
                    + String.join(", ", new TreeSet<>(knownHere));
        }
        Optional<String> near = Nearest.to(key, knownHere)
                .map(word -> SettingBinder.join(section, word))
                .or(() -> all().stream()
                        .filter(known -> known.equals(key) || known.endsWith("." + key))
                        .findFirst());
        return "unknown key '" + path + "'; "
                + near.map(word -> "did you mean '" + word + "'?")
                        .orElse("known here: " + String.join(", ", new TreeSet<>(knownHere)));
    }
}

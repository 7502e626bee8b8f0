package org.chirplens.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;

/** Which modules PEFT's settings adapt, and how; by the rules of PEFT, on the names that PEFT saw. */
final class PeftModules {
    private final PeftSettings settings;
    private final ParameterNames names;
    private final PythonPatterns patterns = new PythonPatterns();

    PeftModules(PeftSettings settings, ParameterNames names) {
        this.settings = settings;
        this.names = names;
    }

    /**
     * The adapters of a model.
     *
     * @throws IllegalArgumentException when there are none, or the settings mean different things to different versions
     *     of PEFT
     */
    LoraConfig adapters(VitConfig vit) {
        Map<String, LoraConfig.Adapter> adapters = new LinkedHashMap<>();
        for (String module : Parameters.linearModules(vit.numLayers())) {
            if (isTarget(module)) {
                adapters.put(module, adapter(names.module(module)));
            }
        }
        if (adapters.isEmpty()) {
            throw settings.json()
                    .error(
                            PeftSettings.TARGETS,
                            "must name at least one linear layer of the encoder, such as "
                                    + names.module(Parameters.projection(0, "query")),
                            settings.json().get(PeftSettings.TARGETS));
        }
        try {
            return new LoraConfig(adapters, settings.dropout());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(settings.json().path() + ": " + e.getMessage(), e);
        }
    }

    /** Whether the settings ask for an adapter on a module, given by our name. */
    boolean isTarget(String module) {
        String name = names.module(module);
        List<String> targets = settings.targets();
        if (targets != null) {
            return targets.stream().anyMatch(target -> name.equals(target) || name.endsWith("." + target));
        }
        String expression = String.valueOf(settings.targetExpression());
        return expression.equalsIgnoreCase(PeftSettings.ALL_LINEAR)
                || explained(PeftSettings.TARGETS, () -> patterns.fullMatch(expression, name));
    }

    private LoraConfig.Adapter adapter(String name) {
        int rank = newer(settings.rankPattern(), PeftSettings.RANK_PATTERN, name, settings.rank());
        double alpha = newer(settings.alphaPattern(), PeftSettings.ALPHA_PATTERN, name, settings.alpha());
        if (!settings.hasVersion()) {
            String key = olderKey(name);
            int olderRank = settings.rankPattern().getOrDefault(key, settings.rank());
            double olderAlpha = settings.alphaPattern().getOrDefault(key, settings.alpha());
            if (olderRank != rank || olderAlpha != alpha) {
                throw new IllegalArgumentException(settings.json().path() + ": rank_pattern and alpha_pattern must mean"
                        + " the same to every version of PEFT, found rank " + rank + " and alpha " + alpha + " of "
                        + name + " by the newer rule (each pattern by itself), rank " + olderRank + " and alpha "
                        + olderAlpha + " by the older (one key for both); give both patterns the same keys, or add"
                        + " peft_version to have the newer rule");
            }
        }
        try {
            return new LoraConfig.Adapter(rank, alpha, settings.rankStabilised());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(settings.json().path() + ": " + name + ": " + e.getMessage(), e);
        }
    }

    /** The first key that matches decides, in each pattern by itself. */
    private <T> T newer(Map<String, T> pattern, String field, String name, T otherwise) {
        for (Map.Entry<String, T> entry : pattern.entrySet()) {
            if (explained(field, () -> patterns.match("(.*\\.)?(" + entry.getKey() + ")$", name))) {
                return entry.getValue();
            }
        }
        return otherwise;
    }

    /** Before about version 0.12: the first key of either that matches behind a dot, or else the whole name. */
    private String olderKey(String name) {
        List<String> keys = new ArrayList<>(settings.rankPattern().keySet());
        keys.addAll(settings.alphaPattern().keySet());
        return keys.stream()
                .filter(key -> explained(
                        settings.rankPattern().containsKey(key)
                                ? PeftSettings.RANK_PATTERN
                                : PeftSettings.ALPHA_PATTERN,
                        () -> patterns.match(".*\\." + key + "$", name)))
                .findFirst()
                .orElse(name);
    }

    private boolean explained(String field, BooleanSupplier matches) {
        try {
            return matches.getAsBoolean();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(settings.json().path() + ": " + field + ": " + e.getMessage(), e);
        }
    }
}

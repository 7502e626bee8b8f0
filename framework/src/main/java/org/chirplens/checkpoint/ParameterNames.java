package org.chirplens.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chirplens.model.Parameters;
import org.jspecify.annotations.Nullable;

/**
 * The names in one file and ours, which are those of {@code ViTModel} in transformers 4. A file may put a prefix before
 * all of them, use transformers 5's names, and those that PEFT gives to what it adapts.
 */
final class ParameterNames {
    private static final String PEFT = "base_model.model.";
    private static final String CLASSIFICATION = "vit.";

    private static final Pattern ANCHOR =
            Pattern.compile("((?:vit\\.|base_model\\.model\\.){0,4})" + Pattern.quote(Parameters.CLS_TOKEN));
    private static final Pattern BLOCK = Pattern.compile("(encoder\\.layer|encoder\\.layers|layers)\\.(\\d{1,5})\\.");
    private static final Pattern ADAPTED = Pattern.compile("\\.(lora_[AB])(?:\\.default)?\\.weight$");
    private static final String BASE_LAYER = ".base_layer.";

    /** Names within a block in transformers 5, and in 4. */
    private static final List<String[]> BLOCK_NAMES = List.of(
            new String[] {"attention.q_proj.", "attention.attention.query."},
            new String[] {"attention.k_proj.", "attention.attention.key."},
            new String[] {"attention.v_proj.", "attention.attention.value."},
            new String[] {"attention.o_proj.", "attention.output.dense."},
            new String[] {"mlp.fc1.", "intermediate.dense."},
            new String[] {"mlp.fc2.", "output.dense."});

    private final String prefix;
    private final Map<String, String> fileNames = new HashMap<>();

    /** What names that are not in the file would look like; as the names that are. */
    private String blocks = "encoder.layer";

    /** Which of attention and MLP have names of transformers 4, and of 5. */
    private final Set<String> version4 = new TreeSet<>();

    private final Set<String> version5 = new TreeSet<>();
    private boolean baseLayers;
    private boolean namedAdapters;

    private ParameterNames(Path file, Set<String> names, String prefix) {
        this.prefix = prefix;
        List<String> twice = new ArrayList<>();
        for (String name : new TreeSet<>(names)) {
            String ours = ours(name);
            String other = ours == null ? null : fileNames.putIfAbsent(ours, name);
            if (other != null) {
                twice.add(other + " and " + name);
            }
        }
        if (!twice.isEmpty()) {
            throw new IllegalArgumentException(
                    file + ": a parameter must be there once, found under two names " + String.join("; ", twice));
        }
    }

    /**
     * The names of a file that holds a backbone, with or without more.
     *
     * @throws IllegalArgumentException when there is no backbone, or more than one, or a parameter twice
     */
    static ParameterNames ofModel(Path file, Set<String> names) {
        Set<String> prefixes = new TreeSet<>();
        for (String name : names) {
            Matcher anchor = ANCHOR.matcher(name);
            if (anchor.matches()) {
                prefixes.add(anchor.group(1));
            }
        }
        if (prefixes.size() != 1) {
            throw new IllegalArgumentException(file + ": must hold one ViT, whose " + Parameters.CLS_TOKEN
                    + " has no prefix or one of vit. and base_model.model., found "
                    + (prefixes.isEmpty() ? some(names) : "the prefixes " + prefixes));
        }
        return new ParameterNames(file, names, prefixes.iterator().next());
    }

    /**
     * The names of a PEFT adapter file, which holds no backbone.
     *
     * @throws IllegalArgumentException when a parameter is there twice
     */
    static ParameterNames ofAdapter(Path file, Set<String> names) {
        boolean classification = names.stream().anyMatch(name -> name.startsWith(PEFT + CLASSIFICATION));
        return new ParameterNames(file, names, classification ? PEFT + CLASSIFICATION : PEFT);
    }

    /** Whether the backbone is part of a {@code ViTForImageClassification}, which may have a classifier. */
    boolean isClassification() {
        return prefix.endsWith(CLASSIFICATION);
    }

    /** The name that a part of {@code ViTForImageClassification} beside its backbone has in the file. */
    String besideBackbone(String name) {
        return prefix.substring(0, prefix.length() - CLASSIFICATION.length()) + name;
    }

    /** Our names of the parameters that are in the file. */
    Set<String> parameters() {
        return fileNames.keySet();
    }

    /** The name of a parameter in the file: as it is there, or, where it is missing, as it would be. */
    String inFile(String parameter) {
        String there = fileNames.get(parameter);
        return there != null ? there : Parameters.isRegressionHead(parameter) ? parameter : prefix + theirs(parameter);
    }

    /** The name that PEFT's settings see for a module: as in the file, from PEFT's own prefix on. */
    String module(String module) {
        String known = theirs(module + ".");
        int peft = prefix.lastIndexOf(PEFT);
        return (peft < 0 ? "" : prefix.substring(peft + PEFT.length())) + known.substring(0, known.length() - 1);
    }

    private @Nullable String ours(String name) {
        if (!name.startsWith(prefix)) {
            return Parameters.isRegressionHead(name) ? name : null;
        }
        String rest = name.substring(prefix.length());
        Matcher block = BLOCK.matcher(rest);
        if (block.lookingAt()) {
            blocks = block.group(1);
            rest = "encoder.layer." + block.group(2) + "." + inBlock(rest.substring(block.end()));
        }
        baseLayers |= rest.contains(BASE_LAYER);
        namedAdapters |= rest.contains(".default.weight");
        return ADAPTED.matcher(rest.replace(BASE_LAYER, ".")).replaceFirst(".$1.weight");
    }

    private String inBlock(String name) {
        for (String[] names : BLOCK_NAMES) {
            if (name.startsWith(names[0])) {
                version5.add(part(names));
                return names[1] + name.substring(names[0].length());
            } else if (name.startsWith(names[1])) {
                version4.add(part(names));
                return name;
            }
        }
        return name;
    }

    private String theirs(String ours) {
        String name = ours;
        Matcher block = BLOCK.matcher(name);
        if (block.lookingAt()) {
            String rest = name.substring(block.end());
            for (String[] names : BLOCK_NAMES) {
                if (rest.startsWith(names[1]) && isVersion5(part(names))) {
                    rest = names[0] + rest.substring(names[1].length());
                }
            }
            name = blocks + "." + block.group(2) + "." + rest;
        }
        if (Parameters.isLora(name)) {
            return namedAdapters ? ADAPTED.matcher(name).replaceFirst(".$1.default.weight") : name;
        }
        String module = ours.substring(0, Math.max(0, ours.lastIndexOf('.')));
        boolean wrapped = baseLayers && fileNames.containsKey(Parameters.loraA(module));
        return wrapped ? name.replaceFirst("\\.(weight|bias)$", BASE_LAYER + "$1") : name;
    }

    /** A file that shows nothing of attention or MLP is of the version that the name of its blocks is. */
    private boolean isVersion5(String part) {
        return version5.contains(part) || (!version4.contains(part) && !blocks.equals("encoder.layer"));
    }

    /** {@code attention} or {@code mlp}. */
    private static String part(String[] names) {
        return names[0].substring(0, names[0].indexOf('.'));
    }

    private static String some(Set<String> names) {
        List<String> first = names.stream().sorted().limit(4).toList();
        return names.size() + " tensors" + (first.isEmpty() ? "" : " such as " + String.join(", ", first));
    }
}

package org.chirplens.experiments.config;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Makes directory names of a trial's values, such as {@code rank-4_seed-1}; a value alone decides its part. */
final class TrialName {
    private static final int MOST_OF_VALUE = 32;
    private static final int MOST = 150;

    private TrialName() {}

    /** The name of a trial. */
    static String of(List<String> axes, List<String> values) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            parts.add(label(axes, i) + "-" + slug(values.get(i)));
        }
        String name = String.join("_", parts);
        return name.length() <= MOST ? name : name.substring(0, MOST) + "-" + hash(name);
    }

    /** The last part of an axis' key, or all of it where another axis ends in the same. */
    private static String label(List<String> axes, int axis) {
        String last = last(axes.get(axis));
        boolean alone = axes.stream().filter(key -> last(key).equals(last)).count() == 1;
        return alone ? last : axes.get(axis);
    }

    private static String last(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /** A value as it may stand in a name; what had to be changed or cut gets a hash, so that names stay unique. */
    private static String slug(String value) {
        String slug = value.replaceAll("[^A-Za-z0-9.-]+", "-");
        return slug.equals(value) && slug.length() <= MOST_OF_VALUE
                ? slug
                : slug.substring(Math.max(0, slug.length() - MOST_OF_VALUE)) + "-" + hash(value);
    }

    private static String hash(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }

    /** A value as text, the same however a number is written; null for nothing and for a section. */
    static @Nullable String text(Node node) {
        if (node instanceof SequenceNode list) {
            List<String> items = new ArrayList<>();
            for (Node item : list.getValue()) {
                @Nullable String text = text(item);
                if (text == null) {
                    return null;
                }
                items.add(text);
            }
            return "[" + String.join(", ", items) + "]";
        }
        @Nullable String text = YamlDocument.text(node);
        if (text == null || text.isBlank() || YamlDocument.isNull(node)) {
            return null;
        }
        return YamlDocument.isPlain(node) && text.matches("[-+]?[0-9.]+([eE][-+]?[0-9]{1,3})?") ? number(text) : text;
    }

    private static String number(String text) {
        try {
            BigDecimal value = new BigDecimal(text).stripTrailingZeros();
            int exponent = value.precision() - value.scale() - 1;
            boolean plain = value.signum() == 0 || (exponent >= -4 && exponent < 18);
            return plain
                    ? value.toPlainString()
                    : value.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent;
        } catch (NumberFormatException e) {
            // Such as 1.2.3, which the setting itself will judge.
            return text;
        }
    }
}

package org.chirplens.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How many kinds of content a head's attention is after. */
public enum Specialisation {
    /** It has one label. */
    MONOSEMANTIC,
    /** It has several. */
    POLYSEMANTIC,
    /** It has none, and its attention is nearly uniform. */
    DIFFUSE,
    /** It has none, and its attention is not uniform either: nothing that has a name here, or nothing that is certain. */
    UNCLEAR;

    /** The name in files. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The one of that {@link #key()}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Specialisation of(String key) {
        return Arrays.stream(values())
                .filter(one -> one.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no specialisation is called \"" + key + "\""));
    }

    static Specialisation of(List<AtlasLabel> labels, boolean uniform) {
        return switch (labels.size()) {
            case 0 -> uniform ? DIFFUSE : UNCLEAR;
            case 1 -> MONOSEMANTIC;
            default -> POLYSEMANTIC;
        };
    }
}

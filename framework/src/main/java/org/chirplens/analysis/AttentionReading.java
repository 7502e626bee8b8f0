package org.chirplens.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.chirplens.model.FloatArray;
import org.chirplens.model.VitConfig;

/** Whose attention is looked at. Names in files and configs are the {@link #key()}. */
public enum AttentionReading {
    /** The mean over the query patches, as the published package has it: where an image's places look. */
    PATCH_QUERIES,
    /** The CLS token's: in the last layer, what the regression head reads. */
    CLS;

    /** The name in files: {@code patch_queries}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name for people. */
    public String title() {
        return this == CLS ? "the CLS token’s row" : "mean over patch queries";
    }

    /** All keys. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(AttentionReading::key).toList();
    }

    /**
     * The reading of that {@link #key()}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static AttentionReading of(String key) {
        return Arrays.stream(values())
                .filter(reading -> reading.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a reading of attention must be one of "
                        + String.join(", ", keys()) + ", found \"" + key + "\""));
    }

    /** Weights of the queries [1, tokens], for {@link org.chirplens.model.Fetches#ATTENTION_QUERIES}. */
    FloatArray queries(VitConfig vit) {
        FloatArray weights = FloatArray.zeros(1, vit.numTokens());
        (this == CLS ? MapReading.CLS : MapReading.PATCH_QUERIES).putQueries(vit, weights.data(), 0);
        return weights;
    }
}

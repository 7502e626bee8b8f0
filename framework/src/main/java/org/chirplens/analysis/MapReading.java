package org.chirplens.analysis;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chirplens.model.VitConfig;

/**
 * One way to make a map of a head's attention. The {@link #key()} names it on the command line and on disk:
 *
 * <ul>
 *   <li>{@code patch_queries}: the mean over the query patches, as the released package has it; without the CLS column, not
 *       renormalised.
 *   <li>{@code cls}: the CLS token's row.
 *   <li>{@code patch_3_7}: the row of the patch in row 3 and column 7, counted from 0.
 *   <li>{@code rollout}: the CLS token's row of the attention rollout up to the end of each layer, one map a layer.
 * </ul>
 *
 * <p>{@code _weighted} behind any of the first three multiplies the attention to a patch by the length of what its value adds to the
 * residual stream.
 *
 * @param source what the map is read from
 * @param row of the query patch, from 0; 0 for other sources
 * @param column of the query patch
 * @param weighted whether attention is multiplied by the length of what is written
 */
public record MapReading(Source source, int row, int column, boolean weighted) {
    /** The published reading. */
    public static final MapReading PATCH_QUERIES = new MapReading(Source.PATCH_QUERIES, 0, 0, false);

    /** What the CLS token looks at. */
    public static final MapReading CLS = new MapReading(Source.CLS, 0, 0, false);

    private static final String WEIGHTED = "_weighted";
    private static final Pattern PATCH = Pattern.compile("patch_(\\d{1,4})_(\\d{1,4})");

    /** What a map is read from. */
    public enum Source {
        PATCH_QUERIES,
        CLS,
        PATCH,
        ROLLOUT
    }

    /** What names a reading can have, for messages. */
    public static String names() {
        return "patch_queries, cls, patch_ROW_COLUMN, each also with _weighted behind it, and rollout";
    }

    /**
     * The reading of that {@link #key()}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static MapReading of(String key) {
        boolean weighted = key.endsWith(WEIGHTED);
        String base = weighted ? key.substring(0, key.length() - WEIGHTED.length()) : key;
        Matcher patch = PATCH.matcher(base);
        if (patch.matches()) {
            return new MapReading(
                    Source.PATCH, Integer.parseInt(patch.group(1)), Integer.parseInt(patch.group(2)), weighted);
        }
        return Arrays.stream(Source.values())
                .filter(source -> source != Source.PATCH && key(source).equals(base))
                .filter(source -> source != Source.ROLLOUT || !weighted)
                .map(source -> new MapReading(source, 0, 0, weighted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "a reading of attention must be one of " + names() + ", found \"" + key + "\""));
    }

    private static String key(Source source) {
        return source.name().toLowerCase(Locale.ROOT);
    }

    /** The name on the command line and on disk. */
    public String key() {
        return key(source) + (source == Source.PATCH ? "_" + row + "_" + column : "") + (weighted ? WEIGHTED : "");
    }

    /** The name for people. */
    public String title() {
        String title =
                switch (source) {
                    case PATCH_QUERIES -> "averaged over patch queries";
                    case CLS -> "the CLS token’s row";
                    case PATCH -> "the patch in row " + (row + 1) + ", column " + (column + 1);
                    case ROLLOUT -> "rollout from the CLS token";
                };
        return title + (weighted ? ", times what is written" : "");
    }

    /**
     * Insists on a query patch that the model has.
     *
     * @throws IllegalArgumentException when it has not
     */
    public void requireFits(VitConfig vit) {
        if (row >= vit.patchGrid() || column >= vit.patchGrid()) {
            throw new IllegalArgumentException("the row and column of a query patch must be below " + vit.patchGrid()
                    + ", found " + row + " and " + column);
        }
    }

    /** Puts the weights of the queries, [tokens]. */
    void putQueries(VitConfig vit, float[] into, int from) {
        switch (source) {
            case CLS -> into[from] = 1;
            case PATCH -> into[from + 1 + row * vit.patchGrid() + column] = 1;
            default -> Arrays.fill(into, from + 1, from + vit.numTokens(), 1f / vit.numPatches());
        }
    }
}

package org.chirplens.analysis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Figure 4 of the paper (arXiv 2503.18762): how much the loss of its fine-tuned ViT-B/16 grows when one head is ablated,
 * as the published code measures it ({@link Protocol#RELEASED}). Transcribed from the figure, to its two decimals.
 */
public final class PublishedFigure4 {
    public static final int LAYERS = 12;
    public static final int HEADS = 12;

    private static final String RESOURCE = "published_figure4.csv";

    private PublishedFigure4() {}

    /** Loss increase in percent [12 layers][12 heads]; NaN for the one value that cannot be read in the source. */
    public static double[][] lossIncreasesPercent() {
        double[][] increases = new double[LAYERS][HEADS];
        try (InputStream stream = PublishedFigure4.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException(RESOURCE + " is not on the class path");
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
            for (String line : reader.lines().skip(1).toList()) {
                List<String> cells = List.of(line.split(",", -1));
                String value = cells.get(2);
                increases[Integer.parseInt(cells.get(0))][Integer.parseInt(cells.get(1))] =
                        value.isEmpty() ? Double.NaN : Double.parseDouble(value);
            }
            return increases;
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
    }
}

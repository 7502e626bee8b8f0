package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.chirplens.dataset.ImageSet;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.cli.TextTable;
import org.chirplens.experiments.cli.UsageException;
import org.chirplens.experiments.run.RegionFiles;
import org.chirplens.experiments.run.RunData;
import org.chirplens.experiments.run.RunFigures;
import org.chirplens.experiments.run.RunFiles;
import org.chirplens.figure.FigureRegion;
import org.chirplens.report.RegionMap;

/** {@code data regions}: writes where in the images of a data set each element of the figure is. */
final class DataRegions {
    static final int IMAGES = 16;

    /** The patches of a row of ViT-B/16 at 224 pixels. */
    static final int GRID = 14;

    /** A patch is then about a pixel of a released figure; more would only fill the disk. */
    private static final int MOST_PATCHES = 640;

    private DataRegions() {}

    static int run(Invocation invocation) {
        if (invocation.arguments().size() > 2) {
            throw new UsageException("data regions takes one data set, found also '"
                    + invocation.arguments().get(2) + "'");
        }
        Path data = Path.of(invocation.arguments().get(1));
        int limit = invocation.integer("limit", 0, IMAGES);
        int grid = (int) invocation.number("grid", 1, MOST_PATCHES, GRID);
        RunFiles out = new RunFiles(invocation.path("out").orElseGet(() -> DataCommand.output("regions", data)));
        ImageSet images = RunData.Source.ofData(data).images();
        int count = limit == 0 ? images.size() : Math.min(limit, images.size());
        double[] shares;
        try (ProgressLine line = invocation.console().progress("regions", "images")) {
            shares = RegionFiles.write(images, count, grid, invocation.readers(0), out.directory(), line::update);
        }
        RunFigures.save(Map.of("regions", RegionMap.draw(samples(images, count))), out.figures());
        if (invocation.console().json()) {
            invocation.console().result(json(data, count, grid, shares));
        } else {
            invocation.console().result(text(data, count, shares) + "\n\n" + out.directory());
        }
        return ExitCode.DONE;
    }

    /** Some of the images, evenly spread over all. */
    private static List<RegionMap.Sample> samples(ImageSet images, int count) {
        int shown = Math.min(RegionMap.MOST_IMAGES, count);
        return IntStream.range(0, shown)
                .map(i -> (int) ((long) count * i / shown))
                .mapToObj(i -> new RegionMap.Sample(
                        images.image(i),
                        Objects.requireNonNull(images.regions(i), "figures have regions"),
                        images.name(i)))
                .toList();
    }

    private static String text(Path data, int count, double[] shares) {
        TextTable table = new TextTable("region", "mean share of pixels");
        for (FigureRegion region : FigureRegion.values()) {
            table.row(region.title(), String.format(Locale.ROOT, "%.3f %%", 100 * shares[region.ordinal()]));
        }
        return String.format(Locale.ROOT, "%s: %,d images\n\n%s", data, count, table);
    }

    private static ObjectNode json(Path data, int count, int grid, double[] shares) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("data", data.toString());
        json.put("images", count);
        json.put("grid", grid);
        ObjectNode regions = json.putObject("mean_shares");
        for (FigureRegion region : FigureRegion.values()) {
            regions.put(region.key(), shares[region.ordinal()]);
        }
        return json;
    }
}

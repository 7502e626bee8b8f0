package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.chirplens.dataset.ImageSet;
import org.chirplens.dataset.ProgressListener;
import org.chirplens.figure.FigureRegion;
import org.chirplens.figure.FigureRegions;
import org.chirplens.file.WholeFile;

/**
 * The regions of a data set's images as files: {@code regions.csv} with their sizes, {@code region_masks.npy} with the
 * part of every patch that each fills, and {@code regions.json} with what the array's axes are. Memory holds the masks of
 * {@value #TOGETHER} images, however many there are.
 */
public final class RegionFiles {
    private static final int TOGETHER = 64;

    private static final List<FigureRegion> REGIONS = List.of(FigureRegion.values());

    private final ImageSet images;
    private final int count;
    private final int grid;
    private final double[] sums = new double[REGIONS.size()];

    /** The regions of one image: how many pixels each has, and the masks {@code [regions, grid, grid]}. */
    private record Image(int[] areas, float[] masks, long pixels) {}

    private final ExecutorService readers;

    private RegionFiles(ImageSet images, int count, int grid, ExecutorService readers) {
        this.images = images;
        this.count = count;
        this.grid = grid;
        this.readers = readers;
    }

    /**
     * Writes the three files.
     *
     * @param count of how many images, from the first on
     * @param grid the number of patches of a row, and of rows
     * @param threads that read images, at least 1
     * @return the mean share of each region in the pixels of an image, in the order of {@link FigureRegion}
     * @throws IllegalArgumentException when the images are no figures of chirps
     */
    public static double[] write(
            ImageSet images, int count, int grid, int threads, Path directory, ProgressListener progress) {
        if (images.figure() == null) {
            throw new IllegalArgumentException("regions need images that are figures of chirps, found images of "
                    + images.name(0) + " and others, which are none");
        }
        ExecutorService readers = Executors.newFixedThreadPool(threads);
        try {
            return new RegionFiles(images, count, grid, readers).write(directory, progress);
        } finally {
            readers.shutdownNow();
        }
    }

    private double[] write(Path directory, ProgressListener progress) {
        WholeFile.writeText(
                directory.resolve("regions.csv"),
                table -> WholeFile.write(directory.resolve("region_masks.npy"), masks -> {
                    table.write("image,region,pixels,share\n");
                    NpyFile.header(masks, count, REGIONS.size(), grid, grid);
                    for (int from = 0; from < count; from += TOGETHER) {
                        int to = Math.min(count, from + TOGETHER);
                        append(from, to, table, masks);
                        progress.progress(to, count);
                    }
                }));
        JsonFiles.write(directory.resolve("regions.json"), axes());
        return Arrays.stream(sums).map(sum -> sum / count).toArray();
    }

    private void append(int from, int to, Writer table, OutputStream masks) throws IOException {
        List<Future<Image>> some = IntStream.range(from, to)
                .mapToObj(index -> readers.submit(() -> look(index)))
                .toList();
        for (int i = from; i < to; i++) {
            Image image = result(some.get(i - from));
            String name = CsvTable.cell(images.name(i));
            for (int r = 0; r < REGIONS.size(); r++) {
                int area = image.areas[r];
                double share = (double) area / image.pixels;
                sums[r] += share;
                table.write(name + "," + REGIONS.get(r).key() + "," + area + "," + share + "\n");
            }
            NpyFile.values(masks, image.masks);
        }
    }

    private static Image result(Future<Image> image) {
        try {
            return image.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while regions were looked for", e);
        } catch (ExecutionException e) {
            // Only the reader's own exception says which image it was.
            if (e.getCause() instanceof RuntimeException reason) {
                throw reason;
            }
            throw new IllegalStateException("cannot look for regions", e);
        }
    }

    private Image look(int index) {
        FigureRegions regions = Objects.requireNonNull(images.regions(index), "figures have regions");
        float[] masks = new float[REGIONS.size() * grid * grid];
        int at = 0;
        for (double[] region : regions.onPatches(grid)) {
            for (double part : region) {
                masks[at++] = (float) part;
            }
        }
        int[] areas = REGIONS.stream().mapToInt(regions::area).toArray();
        return new Image(areas, masks, (long) regions.width() * regions.height());
    }

    private ObjectNode axes() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode axes = json.putArray("axes");
        List.of("images", "regions", "patch_rows", "patch_columns").forEach(axes::add);
        json.put("grid", grid);
        ArrayNode regions = json.putArray("regions");
        REGIONS.forEach(region -> regions.add(region.key()));
        ArrayNode names = json.putArray("images");
        IntStream.range(0, count).forEach(i -> names.add(images.name(i)));
        return json;
    }
}

package org.chirplens.experiments.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.chirplens.chirp.ChirpArray;
import org.chirplens.chirp.DrawnChirp;
import org.chirplens.chirp.GaussianFilter;
import org.chirplens.chirp.Population;
import org.chirplens.chirp.Spectrogram;
import org.chirplens.dataset.DatasetDescription;
import org.chirplens.dataset.DatasetWriter;
import org.chirplens.dataset.GeneratedChirps;
import org.chirplens.dataset.PngEncoder;
import org.chirplens.dataset.ProgressListener;
import org.chirplens.figure.Caption;
import org.chirplens.figure.ChirpFigure;
import org.chirplens.figure.RgbImage;

/**
 * What it costs to generate images: as PNG files, as pixels in memory, and stage by stage. Before each measurement as many
 * images are made unmeasured, at most {@value #WARM_UP}, so that the JIT compiler has seen the code.
 */
public final class GenerateBench {
    /** The most images made before each measurement. */
    public static final int WARM_UP = 300;

    private static final long SEED = 1;

    /** Stages work on so many inputs, again and again: enough to differ, few enough to be made beforehand. */
    private static final int INPUTS = 32;

    private final int images;
    private final int threads;
    private final GeneratedChirps chirps;

    private GenerateBench(int images, int threads) {
        this.images = images;
        this.threads = threads;
        this.chirps = new GeneratedChirps(Population.released(), SEED, 0, images);
    }

    /**
     * What was measured.
     *
     * @param threads threads that made files and tensors; the stages have one
     * @param files PNG files in a data set directory, drawn, encoded, written and moved into place
     * @param meanFileBytes their mean size
     * @param tensors images of 640 x 480 x 3 bytes in memory
     * @param drawingChirps parameters from the population, and the array with noise
     * @param smoothing the Gaussian filter
     * @param drawing the figure
     * @param encoding the PNG
     * @param peakHeapMib the most heap in use, including what waits for the garbage collector
     */
    public record Costs(
            int threads,
            Cost files,
            double meanFileBytes,
            Cost tensors,
            Cost drawingChirps,
            Cost smoothing,
            Cost drawing,
            Cost encoding,
            double peakHeapMib) {}

    /**
     * Measures.
     *
     * @param images how many, at least 1
     * @param threads that make files and tensors, at least 1
     * @param progress told after each of the six measurements
     */
    public static Costs run(int images, int threads, ProgressListener progress) {
        return new GenerateBench(images, threads).run(progress);
    }

    private Costs run(ProgressListener progress) {
        Meter.resetPeakHeap();
        double[] bytes = new double[1];
        Cost files = inTemporaryDirectory(directory -> files(directory, bytes));
        progress.progress(1, 6);
        drawAll(warmUp());
        Cost tensors = Meter.of(images, () -> drawAll(images));
        progress.progress(2, 6);
        Cost chirp = stage(i -> chirps.drawn(i).beforeSmoothing());
        progress.progress(3, 6);
        List<double[]> arrays =
                inputs().mapToObj(i -> chirps.drawn(i).beforeSmoothing()).toList();
        Cost smoothing = stage(i -> GaussianFilter.smooth(arrays.get(i % arrays.size()), ChirpArray.BINS));
        progress.progress(4, 6);
        List<DrawnChirp> drawn = inputs().mapToObj(chirps::drawn).toList();
        List<Spectrogram> spectrograms =
                drawn.stream().map(DrawnChirp::spectrogram).toList();
        Cost drawing = stage(i -> draw(drawn.get(i % drawn.size()), spectrograms.get(i % drawn.size()), i));
        progress.progress(5, 6);
        List<RgbImage> figures = inputs().mapToObj(chirps::image).toList();
        Cost encoding = stage(i -> PngEncoder.encode(figures.get(i % figures.size())));
        progress.progress(6, 6);
        return new Costs(threads, files, bytes[0], tensors, chirp, smoothing, drawing, encoding, Meter.peakHeapMib());
    }

    private static RgbImage draw(DrawnChirp chirp, Spectrogram spectrogram, int index) {
        return ChirpFigure.released()
                .draw(spectrogram, new Caption(index + 1, chirp.chirp().shape(), 0));
    }

    private int warmUp() {
        return Math.min(images, WARM_UP);
    }

    private IntStream inputs() {
        return IntStream.range(0, Math.min(images, INPUTS));
    }

    /** A stage's result, which is thrown away. */
    private interface Stage {
        Object of(int index);
    }

    private Cost stage(Stage stage) {
        // Storing each result keeps the compiler from leaving the work out.
        Object[] last = new Object[1];
        for (int i = 0; i < warmUp(); i++) {
            last[0] = stage.of(i);
        }
        return Meter.ofEach(images, i -> last[0] = stage.of(i));
    }

    private Cost files(Path directory, double[] meanBytes) throws IOException {
        write(directory.resolve("warm-up"), warmUp());
        Path measured = directory.resolve("measured");
        Cost cost = Meter.of(images, () -> write(measured, images));
        try (Stream<Path> all = Files.list(measured)) {
            meanBytes[0] = all.filter(file -> file.toString().endsWith(".png"))
                    .mapToLong(file -> file.toFile().length())
                    .average()
                    .orElse(0);
        }
        return cost;
    }

    private void write(Path directory, int count) {
        DatasetWriter.write(
                directory,
                DatasetDescription.of(Population.released(), SEED, 1, count),
                threads,
                ProgressListener.NONE);
    }

    private void drawAll(int count) {
        AtomicInteger next = new AtomicInteger();
        Thread[] workers = new Thread[threads];
        for (int t = 0; t < threads; t++) {
            workers[t] = new Thread(
                    () -> {
                        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                            chirps.image(i);
                        }
                    },
                    "bench-" + t);
            workers[t].start();
        }
        for (Thread worker : workers) {
            join(worker);
        }
    }

    private static void join(Thread worker) {
        try {
            worker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }

    private interface InDirectory {
        Cost run(Path directory) throws IOException;
    }

    private static Cost inTemporaryDirectory(InDirectory work) {
        try {
            Path directory = Files.createTempDirectory("chirplens-bench");
            try {
                return work.run(directory);
            } finally {
                delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write images to a temporary directory", e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

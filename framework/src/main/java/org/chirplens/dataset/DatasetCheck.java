package org.chirplens.dataset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.dataset.Finding.Kind;
import org.chirplens.figure.RgbImage;
import org.jspecify.annotations.Nullable;

/**
 * Looks at everything in a data set of the released format, or one that ChirpLens generated: files, pixels, labels, equal images and what the parts
 * of a split or two sets have in common. It goes on after a problem. Memory grows by labels, 16 bytes an image and the
 * problems found, whatever the size of the images.
 */
public final class DatasetCheck {
    private final ListedDirectory data;
    private final Settings settings;
    private final List<Finding> findings;
    private final PixelHashes hashes;
    private final @Nullable ListedDirectory other;
    private final @Nullable GeneratedChirps drawn;
    private final BitSet redrawn = new BitSet();

    /**
     * What is looked for.
     *
     * @param test the test part of the split: below 1 a fraction, from 1 on a number of images
     * @param validation the validation part of what the test part leaves: 0, or in the same way a fraction or a number
     * @param splitSeed its seed
     * @param redrawn how many images of a generated set are drawn again, at least 0
     * @param samples how many images {@link DatasetReport#samples} names at most
     * @param threads that decode, at least 1
     * @param other another data set, which must have no image and no label row in common with this one; may be null
     */
    public record Settings(
            double test,
            double validation,
            int splitSeed,
            int redrawn,
            int samples,
            int threads,
            @Nullable Path other) {
        public Settings {
            if (redrawn < 0 || samples < 0 || threads < 1) {
                throw new IllegalArgumentException(
                        "redrawn and samples must be at least 0 and threads at least 1, found " + redrawn + ", "
                                + samples + " and " + threads);
            }
        }
    }

    private DatasetCheck(ListedDirectory data, Settings settings, List<Finding> findings) {
        this.data = data;
        this.settings = settings;
        this.findings = findings;
        this.other = settings.other() == null ? null : otherSet(settings.other(), findings);
        this.hashes = new PixelHashes(data.size() + (other == null ? 0 : other.size()));
        this.drawn = data.description().map(DatasetDescription::images).orElse(null);
    }

    /**
     * Looks at a data set.
     *
     * @param progress told after each image, those of the other set included
     * @throws IllegalArgumentException when a directory holds no data set at all
     */
    public static DatasetReport run(Path directory, Settings settings, ProgressListener progress) {
        List<Finding> findings = new ArrayList<>();
        ListedDirectory data = ListedDirectory.of(directory, findings);
        return new DatasetCheck(data, settings, findings).run(progress);
    }

    private static ListedDirectory otherSet(Path directory, List<Finding> findings) {
        List<Finding> there = new ArrayList<>();
        ListedDirectory other = ListedDirectory.of(directory, there);
        there.forEach(finding -> findings.add(new Finding(Kind.OTHER_SET, finding.text())));
        return other;
    }

    private DatasetReport run(ProgressListener progress) {
        ImageScan.Seen seen = scan(progress);
        LabelFindings.add(data, drawn, findings);
        Split split = split();
        SharedFindings shared = new SharedFindings(data, other, split, findings);
        shared.images(hashes.groups(), drawn);
        shared.labels(new EqualLabels(data, other).groups());
        List<Chirp> chirps = IntStream.range(0, data.size())
                .mapToObj(data::label)
                .filter(Objects::nonNull)
                .toList();
        long exponential = chirps.stream()
                .filter(chirp -> chirp.shape() == ChirpShape.EXPONENTIAL)
                .count();
        return new DatasetReport(
                data.directory(),
                data.description().isPresent(),
                data.rows().size(),
                data.images().count(),
                seen.sizes().values().stream().mapToInt(Integer::intValue).sum(),
                redrawn.cardinality(),
                split.train().length,
                split.validation().length,
                split.test().length,
                seen.sizes(),
                seen.modes(),
                LabelStatistics.of(chirps),
                chirps.isEmpty() ? Double.NaN : (double) exponential / chirps.size(),
                chirps,
                samples(),
                findings);
    }

    private ImageScan.Seen scan(ProgressListener progress) {
        int[] mine = present(data);
        int[] others = other == null ? new int[0] : present(other);
        long total = (long) mine.length + others.length;
        AtomicInteger done = new AtomicInteger();
        Runnable step = () -> progress.progress(done.incrementAndGet(), total);
        BitSet again = toRedraw();
        Map<Integer, Finding> differing = new TreeMap<>();
        ImageScan.Seen seen = ImageScan.of(
                mine,
                data.images(),
                settings.threads(),
                (index, image) -> {
                    hashes.put(index, image);
                    if (drawn != null && again.get(index)) {
                        redraw(index, image, drawn, differing);
                    }
                },
                step);
        seen.problems().values().forEach(problem -> findings.add(new Finding(Kind.UNREADABLE_IMAGE, problem)));
        findings.addAll(differing.values());
        if (other != null) {
            ImageScan.of(
                            others,
                            other.images(),
                            settings.threads(),
                            (index, image) -> hashes.put(data.size() + index, image),
                            step)
                    .problems()
                    .values()
                    .forEach(problem -> findings.add(new Finding(Kind.OTHER_SET, problem)));
        }
        return seen;
    }

    private static int[] present(ListedDirectory set) {
        return IntStream.range(0, set.size()).filter(set.images()::isPresent).toArray();
    }

    /** Evenly spread over the set, so that each part of it is looked at. */
    private BitSet toRedraw() {
        int count = data.description().map(DatasetDescription::count).orElse(0);
        int most = Math.min(settings.redrawn(), count);
        BitSet again = new BitSet();
        for (int i = 0; i < most; i++) {
            again.set((int) ((long) count * i / most));
        }
        return again;
    }

    private void redraw(int index, RgbImage image, GeneratedChirps chirps, Map<Integer, Finding> differing) {
        boolean equal = Arrays.equals(chirps.image(index).rgb(), image.rgb());
        synchronized (differing) {
            redrawn.set(index);
            if (!equal) {
                differing.put(
                        index,
                        new Finding(
                                Kind.REDRAWN_IMAGE,
                                data.images().place(index) + ": the pixels must be those that "
                                        + DatasetDescription.FILE_NAME + " says, found others"));
            }
        }
    }

    private Split split() {
        try {
            return Split.ofGroups(data.size(), data.groupSize(), settings.test(), settings.splitSeed())
                    .withValidation(settings.validation(), data.groupSize(), settings.splitSeed());
        } catch (IllegalArgumentException e) {
            findings.add(new Finding(Kind.SPLIT, data.directory() + ": " + e.getMessage()));
            return new Split(new int[0], new int[0], new int[0]);
        }
    }

    private List<DatasetReport.Sample> samples() {
        int[] usable = IntStream.range(0, data.size())
                .filter(i -> hashes.has(i) && data.label(i) != null)
                .toArray();
        int count = Math.min(settings.samples(), usable.length);
        List<DatasetReport.Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int index = usable[(int) ((long) usable.length * i / count)];
            samples.add(new DatasetReport.Sample(
                    data.name(index),
                    Objects.requireNonNull(data.label(index)),
                    data.images().read(index).image()));
        }
        return samples;
    }
}

package org.chirplens.analysis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chirplens.dataset.Batch;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.ProgressListener;
import org.chirplens.dataset.Selection;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.VitConfig;
import org.jspecify.annotations.Nullable;
import org.tensorflow.types.TFloat32;

/**
 * Ablates every head of a model, one at a time, by one {@link Protocol} or several and over any number of images.
 *
 * <p>{@link SweepSettings.Method#SHARED} computes what comes before an ablated head once for all heads, and uses the
 * closed forms: a head with zeroed query, key and value weights has a known context. {@link SweepSettings.Method#NAIVE}
 * sends every token through the whole model once per head, and zeroes rows where the protocol is defined on rows; it is slower and is what
 * the tests compare with. Protocols whose batches are of one size share the pass without ablation.
 */
public final class AblationSweep {
    private final InferenceModel model;
    private final VitConfig vit;
    private final List<Protocol> protocols;
    private final SweepSettings settings;

    /**
     * Prepares a sweep by several protocols.
     *
     * @param protocols at least one, each once
     */
    public AblationSweep(InferenceModel model, List<Protocol> protocols, SweepSettings settings) {
        if (protocols.isEmpty() || Set.copyOf(protocols).size() < protocols.size()) {
            throw new IllegalArgumentException(
                    "there must be at least one protocol, and each once, found " + protocols);
        }
        this.model = model;
        this.vit = model.config().vit();
        this.protocols = List.copyOf(protocols);
        this.settings = settings;
    }

    /** Prepares a sweep by one protocol. */
    public AblationSweep(InferenceModel model, Protocol protocol, SweepSettings settings) {
        this(model, List.of(protocol), settings);
    }

    /**
     * Runs the sweep. What is done is appended to journals, batch by batch, so that a stopped sweep goes on where it was.
     *
     * @param journals for each protocol a file of its results so far; it stays there until the caller has saved the result and
     *     deletes it
     * @param identity says which model and images the journals are of; one of another identity is started anew
     * @param progress told of the triples of protocol, image and head that are done; a pass over all images for their mean context
     *     counts as one head
     * @return the ablation by each protocol, in their order
     */
    public List<HeadAblation> run(
            Selection selection, Function<Protocol, Path> journals, String identity, ProgressListener progress) {
        return run(
                SweepImages.of(selection, vit.imageSize()),
                protocol -> SweepJournal.open(
                        journals.apply(protocol),
                        protocol.key() + "\nreleased batch " + settings.releasedBatch() + "\nseed " + settings.seed()
                                + "\n" + identity,
                        ProtocolSweep.recordLength(model)),
                progress);
    }

    /**
     * Runs the sweep over images in memory.
     *
     * @param pixels preprocessed images [images, 3, imageSize, imageSize]
     * @param labels standardised labels [images][targets]
     * @return the ablation by each protocol, in their order
     */
    public List<HeadAblation> run(float[] pixels, float[][] labels) {
        return run(SweepImages.of(pixels, labels, vit.imageSize()), protocol -> null, ProgressListener.NONE);
    }

    /**
     * The contexts that {@link Protocol#MEAN} or {@link Protocol#MEAN_PER_POSITION} puts in place of a head's, for
     * images in memory.
     *
     * @param pixels preprocessed images [images, 3, imageSize, imageSize]
     * @return for each layer [1, H, 1 or T, d]
     * @throws IllegalArgumentException for another protocol
     */
    public static List<FloatArray> meanContexts(
            InferenceModel model, Protocol protocol, float[] pixels, int batchSize) {
        if (protocol != Protocol.MEAN && protocol != Protocol.MEAN_PER_POSITION) {
            throw new IllegalArgumentException(protocol.key() + " replaces no context by a mean");
        }
        int imageSize = model.config().vit().imageSize();
        int images = pixels.length / Preprocessing.length(imageSize);
        SweepImages inMemory =
                SweepImages.of(pixels, new float[images][model.config().outputs()], imageSize);
        ContextMeans means = ContextMeans.over(model, inMemory, batchSize, done -> {});
        return protocol == Protocol.MEAN ? means.overTokens() : means.perPosition();
    }

    /**
     * Standardised predictions [images][targets] of the model that the published loop leaves behind, with the rows of all
     * heads zeroed.
     *
     * @param pixels preprocessed images [images, 3, imageSize, imageSize]
     */
    public static float[][] predictAfterReleasedLoop(InferenceModel model, float[] pixels, int images) {
        return ReleasedRows.predictAfterWholeLoop(model, pixels, images);
    }

    private List<HeadAblation> run(
            SweepImages images, Function<Protocol, @Nullable SweepJournal> journals, ProgressListener progress) {
        List<ProtocolSweep> sweeps = new ArrayList<>();
        try {
            for (Protocol protocol : protocols) {
                sweeps.add(new ProtocolSweep(model, protocol, settings, images.size(), journals.apply(protocol)));
            }
            new Work(images, sweeps, progress).all();
            return sweeps.stream().map(sweep -> sweep.result(images.labels())).toList();
        } finally {
            sweeps.forEach(ProtocolSweep::close);
        }
    }

    /** One run over the images. */
    private final class Work {
        private final SweepImages images;
        private final List<ProtocolSweep> sweeps;
        private final ProgressListener listener;
        private final int heads = vit.numLayers() * vit.numHeads();
        private final long total;
        /** Triples of protocol, image and head that are done; several threads add to it. */
        private long done;

        private @Nullable ContextMeans means;

        Work(SweepImages images, List<ProtocolSweep> sweeps, ProgressListener listener) {
            this.images = images;
            this.sweeps = sweeps;
            this.listener = listener;
            boolean passForMeans = sweeps.stream().anyMatch(ProtocolSweep::wantsMeans);
            total = (long) images.size() * (heads * (long) sweeps.size() + (passForMeans ? 1 : 0));
            done = sweeps.stream()
                    .mapToLong(sweep -> (long) sweep.done() * heads)
                    .sum();
        }

        void all() {
            listener.progress(done, total);
            Map<Integer, List<ProtocolSweep>> bySize = sweeps.stream()
                    .filter(sweep -> !sweep.isComplete())
                    .collect(Collectors.groupingBy(ProtocolSweep::batchSize, LinkedHashMap::new, Collectors.toList()));
            bySize.forEach((size, group) -> {
                group.forEach(sweep -> sweep.start(() -> means(size)));
                together(group, size);
            });
        }

        /** One pass over all images for all protocols that want their mean. */
        private ContextMeans means(int batchSize) {
            if (means == null) {
                int[] before = {0};
                means = ContextMeans.over(model, images, batchSize, passed -> {
                    advance(passed - before[0]);
                    before[0] = passed;
                });
            }
            return means;
        }

        private synchronized void advance(long more) {
            done += more;
            listener.progress(done, total);
        }

        /** Measures protocols whose batches are the same; some may be further than others. */
        private void together(List<ProtocolSweep> group, int batchSize) {
            int from = group.stream().mapToInt(ProtocolSweep::done).min().orElse(0);
            try (SweepImages.Batches batches = read(from, batchSize);
                    SweepImages.Batches partners = partners(group, batchSize)) {
                model.inOrder(items(group, from, batches, partners), this::predict, this::keep);
            }
        }

        /** A batch, the protocols that are not further than it, and what they need of other images. */
        private record Item(
                List<ProtocolSweep> sweeps,
                int first,
                Batch batch,
                @Nullable Batch partners) {}

        private Iterator<Item> items(
                List<ProtocolSweep> group,
                int from,
                SweepImages.Batches batches,
                SweepImages.@Nullable Batches partners) {
            return new Iterator<>() {
                private int next = from;

                @Override
                public boolean hasNext() {
                    return batches.hasNext();
                }

                @Override
                public Item next() {
                    Batch batch = batches.next();
                    int first = next;
                    next += batch.size();
                    List<ProtocolSweep> sweeps = group.stream()
                            .filter(sweep -> sweep.begun() <= first)
                            .toList();
                    boolean alone = sweeps.stream().noneMatch(ProtocolSweep::wantsPartners);
                    return new Item(sweeps, first, batch, alone || partners == null ? null : partners.next());
                }
            };
        }

        private SweepImages.Batches read(int from, int batchSize) {
            return images.read(IntStream.range(from, images.size()).toArray(), batchSize);
        }

        private SweepImages.@Nullable Batches partners(List<ProtocolSweep> group, int batchSize) {
            for (ProtocolSweep sweep : group) {
                if (sweep.wantsPartners()) {
                    int[] partners = Partners.of(images.size(), "images", settings.seed());
                    return images.read(Arrays.copyOfRange(partners, sweep.done(), partners.length), batchSize);
                }
            }
            return null;
        }

        /** The records of each protocol; all heads but one are reported as done. */
        private List<float[][]> predict(Item item) {
            Set<String> needs = new LinkedHashSet<>();
            item.sweeps.forEach(sweep -> needs.addAll(sweep.needs()));
            int size = item.batch.size();
            try (TFloat32 pixels = model.pixels(item.batch.pixels(), size);
                    TFloat32 others = item.partners == null ? null : model.pixels(item.partners.pixels(), size);
                    BaselinePass pass = new BaselinePass(model, pixels, needs)) {
                var batch = new VariantPredictor.SweepBatch(item.first, size, pixels, others);
                List<float[][]> records = new ArrayList<>();
                for (ProtocolSweep sweep : item.sweeps) {
                    int[] reported = {0};
                    records.add(sweep.predict(batch, pass, head -> {
                        int now = Math.min(head, heads - 1);
                        advance((long) (now - reported[0]) * size);
                        reported[0] = now;
                    }));
                }
                return records;
            }
        }

        /** Keeps the records of the next batch; what was reported is then kept. */
        private void keep(Item item, List<float[][]> records) {
            for (int i = 0; i < records.size(); i++) {
                item.sweeps.get(i).keep(records.get(i));
                advance(item.batch.size());
            }
        }
    }
}

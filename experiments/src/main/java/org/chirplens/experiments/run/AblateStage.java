package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.chirplens.analysis.AblationSweep;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.HeadSelection;
import org.chirplens.analysis.HeadStatistics;
import org.chirplens.analysis.Protocol;
import org.chirplens.analysis.ProtocolAgreement;
import org.chirplens.analysis.SweepSettings;
import org.chirplens.dataset.Selection;
import org.chirplens.experiments.cli.Console;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.config.AnalysisSettings;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.statistics.SplitHalf;

/** Ablates every head by each protocol; what was stopped goes on with the next batch. */
public final class AblateStage {
    /** The table of {@link Protocol#RELEASED} against raw labels, as the published example evaluates it. */
    static final String RELEASED_RAW_LABELS = "released_raw_labels";

    private final OpenModel model;
    private final Selection images;
    private final String data;
    private final Path directory;
    private final Console console;

    /**
     * @param data what the images are, so that a journal of other images is not continued
     * @param directory of the tables and journals
     */
    public AblateStage(OpenModel model, Selection images, String data, Path directory, Console console) {
        this.model = model;
        this.images = images;
        this.data = data;
        this.directory = directory;
        this.console = console;
    }

    static void run(RunContext context) {
        AnalysisSettings analysis = context.config().analysis();
        Path directory = context.files().ablation();
        try (OpenModel model = OpenModel.open(context.files().model(), context.session())) {
            Selection test = context.data().test(analysis.ablationImages(), context.readers());
            AblateStage stage = new AblateStage(model, test, context.data().identity(), directory, context.console());
            SweepSettings settings = settings(
                    model,
                    analysis.batchSize(),
                    analysis.releasedBatch(),
                    context.config().seed());
            Map<Protocol, List<HeadStatistics>> done = stage.resumeOrSweep(analysis.protocols(), settings);
            List<HeadStatistics> all = analysis.protocols().stream()
                    .flatMap(protocol -> Objects.requireNonNull(done.get(protocol)).stream())
                    .toList();
            int choosing = choosing(test, analysis.selectionImages());
            if (choosing > 0) {
                all.forEach(statistics -> AblationFiles.writeSelection(
                        directory,
                        statistics.ablation().protocol(),
                        HeadSelection.of(statistics.ablation(), choosing, analysis.selectedHeads())));
            }
            saveAgreement(directory, all);
        }
    }

    /** How many of at most so many first images choose heads: an image and its counterfactuals stay together. */
    static int choosing(Selection images, int most) {
        int group = images.images().groupSize();
        int[] indices = images.indices();
        int choosing = most;
        while (choosing > 0 && indices[choosing] / group == indices[choosing - 1] / group) {
            choosing--;
        }
        return choosing;
    }

    /**
     * The ablations by some protocols: read where their tables are there, measured and saved where not.
     *
     * @return of each protocol what its predictions are read as: losses on standardised labels and, for {@link Protocol#RELEASED}, also on
     *     raw labels, as the published example does by mistake
     * @throws IllegalArgumentException when tables that are there are of another model, of other images or settings
     */
    public Map<Protocol, List<HeadStatistics>> resumeOrSweep(List<Protocol> protocols, SweepSettings settings) {
        Map<Protocol, List<HeadStatistics>> done = new EnumMap<>(Protocol.class);
        List<Protocol> open = new ArrayList<>();
        for (Protocol protocol : protocols) {
            if (AblationFiles.exist(directory, protocol)) {
                AblationFiles.requireSame(directory, protocol, provenance(protocol, settings));
                done.put(protocol, statistics(protocol, read(protocol, settings)));
            } else {
                open.add(protocol);
            }
        }
        if (!open.isEmpty()) {
            Map<Protocol, HeadAblation> measured = sweep(open, settings);
            for (Protocol protocol : open) {
                // Removed, so that not all of them are in memory twice.
                done.put(protocol, save(protocol, settings, Objects.requireNonNull(measured.remove(protocol))));
            }
        }
        return done;
    }

    private HeadAblation read(Protocol protocol, SweepSettings settings) {
        return AblationFiles.read(directory, protocol, model.scaling(), settings.lossBatch(protocol));
    }

    /** Settings with as many variants in one execution as memory allows and the batch size wishes. */
    public static SweepSettings settings(OpenModel model, int batchSize, int releasedBatch, long seed) {
        return settings(
                model.inference().config().vit(),
                batchSize,
                releasedBatch,
                seed,
                model.inference().options());
    }

    /** The same for a model that need not be open. */
    public static SweepSettings settings(
            VitConfig vit, int batchSize, int releasedBatch, long seed, SessionOptions session) {
        int variants = Math.max(vit.numHeads(), OpenModel.batch(vit, batchSize * vit.numHeads(), session));
        return new SweepSettings(SweepSettings.Method.SHARED, variants, releasedBatch, seed);
    }

    /** Runs the sweep by some protocols, in their order, continuing what an earlier process left in the directory's journals. */
    public Map<Protocol, HeadAblation> sweep(List<Protocol> protocols, SweepSettings settings) {
        String identity = "model " + model.identity() + "\ndata " + data + "\nimages "
                + Arrays.hashCode(images.indices()) + "\nrecipe "
                + images.recipe().key();
        String which = protocols.size() == 1 ? protocols.get(0).key() : protocols.size() + " protocols";
        try (ProgressLine line = console.progress("ablating, " + which, "heads x images")) {
            Files.createDirectories(directory);
            // What is done is in the journals: smaller batches go on from there.
            List<HeadAblation> ablations = Halving.until(
                    settings.variants(),
                    model.inference().config().vit().numHeads(),
                    "variants",
                    line,
                    variants -> new AblationSweep(model.inference(), protocols, settings.withVariants(variants))
                            .run(
                                    images,
                                    protocol -> AblationFiles.journal(directory, protocol),
                                    identity,
                                    line::update));
            Map<Protocol, HeadAblation> byProtocol = new LinkedHashMap<>();
            for (int i = 0; i < protocols.size(); i++) {
                byProtocol.put(protocols.get(i), ablations.get(i));
            }
            return byProtocol;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + directory, e);
        }
    }

    /** What is to be said of an ablation by a protocol, see {@link #resumeOrSweep}. */
    public List<HeadStatistics> statistics(Protocol protocol, HeadAblation ablation) {
        List<HeadAblation> readings = protocol == Protocol.RELEASED
                ? List.of(ablation, ablation.against(images.physicalLabels(), RELEASED_RAW_LABELS))
                : List.of(ablation);
        return readings.stream().map(HeadStatistics::of).toList();
    }

    /** Writes the tables of a protocol and drops its journal, which they replace. */
    private List<HeadStatistics> save(Protocol protocol, SweepSettings settings, HeadAblation ablation) {
        AblationFiles.writePredictions(
                directory, ablation, i -> images.images().name(images.indices()[i]), model.scaling());
        // Of the predictions as they are read when the command is given again: then the tables are the same.
        List<HeadStatistics> readings = statistics(protocol, read(protocol, settings));
        for (HeadStatistics other : readings.subList(1, readings.size())) {
            AblationFiles.writeTable(directory, other, model.scaling().targets());
        }
        HeadStatistics own = readings.get(0);
        AblationFiles.write(directory, own, model.scaling(), provenance(protocol, settings, own));
        deleteJournal(protocol);
        return readings;
    }

    private void deleteJournal(Protocol protocol) {
        try {
            Files.deleteIfExists(AblationFiles.journal(directory, protocol));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the journal in " + directory, e);
        }
    }

    /** Writes how far the protocols agree; nothing where there is one only. */
    public static void saveAgreement(Path directory, List<HeadStatistics> all) {
        if (all.size() > 1) {
            AblationFiles.writeAgreement(directory, ProtocolAgreement.of(all));
        }
    }

    /** What the results are of. */
    private ObjectNode provenance(Protocol protocol, SweepSettings settings) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("protocol", protocol.key());
        tree.put("images", images.size());
        tree.put(AblationFiles.LOSS_BATCH, settings.lossBatch(protocol));
        if (protocol.dependsOnSeed()) {
            tree.put("seed", settings.seed());
        }
        tree.put("preprocessing", images.recipe().key());
        tree.put("data", data);
        tree.put("model", model.identity());
        return tree;
    }

    private ObjectNode provenance(Protocol protocol, SweepSettings settings, HeadStatistics statistics) {
        ObjectNode tree = provenance(protocol, settings);
        tree.putObject("intervals")
                .put("method", "BCa bootstrap over images")
                .put("level", Bootstrap.LEVEL)
                .put("resamples", Bootstrap.STANDARD.resamples())
                .put("seed", Bootstrap.STANDARD.seed());
        SplitHalf stability = statistics.stability();
        if (stability != null && Double.isFinite(stability.spearman())) {
            tree.putObject("stability")
                    .put("splits", stability.splits())
                    .put("spearman", stability.spearman())
                    .put("spearman_low", stability.low())
                    .put("spearman_high", stability.high())
                    .put("spearman_brown", stability.spearmanBrown())
                    .put("top_heads", stability.top())
                    .put("top_share", stability.topShare());
        }
        return tree;
    }
}

package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chirplens.analysis.AblationSweep;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.Protocol;
import org.chirplens.analysis.ProtocolAgreement;
import org.chirplens.analysis.SweepSettings;
import org.chirplens.checkpoint.ModelDirectory;
import org.chirplens.dataset.Selection;
import org.chirplens.experiments.cli.Console;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.config.AnalysisSettings;

/** Ablates every head by each protocol; what was stopped goes on with the next batch. */
public final class AblateStage {
    /** The table of {@link Protocol#RELEASED} against raw labels, as the published example evaluates it. */
    private static final String RELEASED_RAW_LABELS = "released_raw_labels";

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
            List<HeadAblation> ablations = new ArrayList<>();
            for (Protocol protocol : analysis.protocols()) {
                if (AblationFiles.exist(directory, protocol)) {
                    HeadAblation done = AblationFiles.read(directory, protocol, model.scaling());
                    ablations.addAll(stage.readings(protocol, done));
                } else {
                    SweepSettings settings = stage.settings(
                            analysis.batchSize(),
                            analysis.releasedBatch(),
                            context.config().seed());
                    HeadAblation ablation = stage.sweep(protocol, settings);
                    stage.save(protocol, settings, ablation);
                    ablations.addAll(stage.readings(protocol, ablation));
                }
            }
            saveAgreement(directory, ablations);
        }
    }

    /** Settings with as many variants in one execution as memory allows and the batch size wishes. */
    public SweepSettings settings(int batchSize, int releasedBatch, long seed) {
        int heads = model.inference().config().vit().numHeads();
        int variants = Math.max(heads, model.batch(batchSize * heads));
        return new SweepSettings(SweepSettings.Method.SHARED, variants, releasedBatch, seed);
    }

    /** Runs the sweep of a protocol, continuing what an earlier process left in the directory's journal. */
    public HeadAblation sweep(Protocol protocol, SweepSettings settings) {
        String identity = "model " + ModelDirectory.fingerprint(model.directory()) + "\ndata " + data + "\nimages "
                + Arrays.hashCode(images.indices()) + "\nrecipe "
                + images.recipe().key();
        try (ProgressLine line = console.progress("ablating, " + protocol.key(), "heads x images")) {
            Files.createDirectories(directory);
            return new AblationSweep(model.inference(), protocol, settings)
                    .run(images, AblationFiles.journal(directory, protocol), identity, line::update);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + directory, e);
        }
    }

    /**
     * What the predictions of a protocol are read as: losses on standardised labels and, for {@link Protocol#RELEASED},
     * also on raw labels, as the published example does by mistake.
     */
    public List<HeadAblation> readings(Protocol protocol, HeadAblation ablation) {
        return protocol == Protocol.RELEASED
                ? List.of(ablation, ablation.against(images.physicalLabels(), RELEASED_RAW_LABELS))
                : List.of(ablation);
    }

    /** Writes the tables of a protocol and drops its journal, which they replace. */
    public void save(Protocol protocol, SweepSettings settings, HeadAblation ablation) {
        for (HeadAblation reading : readings(protocol, ablation)) {
            if (!reading.protocol().equals(protocol.key())) {
                AblationFiles.writeTable(directory, reading, model.scaling().targets());
            }
        }
        AblationFiles.write(
                directory,
                ablation,
                i -> images.images().name(images.indices()[i]),
                model.scaling(),
                provenance(protocol, settings, ablation));
        deleteJournal(protocol);
    }

    /** Deletes what a sweep has noted; for results that are not saved. */
    public void deleteJournal(Protocol protocol) {
        try {
            Files.deleteIfExists(AblationFiles.journal(directory, protocol));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the journal in " + directory, e);
        }
    }

    /** Writes how far the protocols agree; nothing where there is one only. */
    public static void saveAgreement(Path directory, List<HeadAblation> ablations) {
        if (ablations.size() > 1) {
            AblationFiles.writeAgreement(directory, ProtocolAgreement.of(ablations));
        }
    }

    private ObjectNode provenance(Protocol protocol, SweepSettings settings, HeadAblation ablation) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("protocol", protocol.key());
        tree.put("images", ablation.labels().length);
        tree.put(AblationFiles.LOSS_BATCH, ablation.lossBatch());
        if (protocol == Protocol.RESAMPLE) {
            tree.put("seed", settings.seed());
        }
        tree.put("preprocessing", images.recipe().key());
        tree.put("data", data);
        tree.put("model", ModelDirectory.fingerprint(model.directory()));
        return tree;
    }
}

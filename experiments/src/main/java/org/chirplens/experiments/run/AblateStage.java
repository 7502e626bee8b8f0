package org.chirplens.experiments.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.chirplens.analysis.AblationSweep;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.checkpoint.ModelDirectory;
import org.chirplens.dataset.Selection;
import org.chirplens.experiments.cli.Console;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.config.AnalysisSettings;

/** Ablates every head; what was stopped goes on with the next batch. */
public final class AblateStage {
    private AblateStage() {}

    static void run(RunContext context) {
        AnalysisSettings analysis = context.config().analysis();
        try (OpenModel model = OpenModel.open(context.files().model(), context.session())) {
            Selection test = context.data().test(analysis.ablationImages(), context.readers());
            Path directory = context.files().ablation();
            // HEAD_MASK is the only protocol so far; the sweep will take the protocol when there are more.
            HeadAblation ablation = sweep(
                    model, test, analysis.batchSize(), directory, context.data().identity(), context.console());
            save(directory, ablation, test, model);
        }
    }

    /**
     * Runs the sweep, continuing what an earlier process left in the directory's journal.
     *
     * @param data what the images are, so that a journal of other images is not continued
     */
    public static HeadAblation sweep(
            OpenModel model, Selection images, int batchSize, Path directory, String data, Console console) {
        int heads = model.inference().config().vit().numHeads();
        int variants = Math.max(heads, model.batch(batchSize * heads));
        String identity =
                AblationSweep.PROTOCOL + "\nmodel " + ModelDirectory.fingerprint(model.directory()) + "\ndata "
                        + data + "\nimages " + java.util.Arrays.hashCode(images.indices()) + "\nrecipe "
                        + images.recipe().key();
        try (ProgressLine line = console.progress("ablating", "heads x images")) {
            Files.createDirectories(directory);
            return new AblationSweep(model.inference(), AblationSweep.Method.SHARED, variants)
                    .run(images, AblationFiles.journal(directory, AblationSweep.PROTOCOL), identity, line::update);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + directory, e);
        }
    }

    /** Writes the tables and drops the journal, which they replace. */
    public static void save(Path directory, HeadAblation ablation, Selection images, OpenModel model) {
        AblationFiles.write(directory, ablation, i -> images.images().name(images.indices()[i]), model.scaling());
        try {
            Files.deleteIfExists(AblationFiles.journal(directory, ablation.protocol()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the journal in " + directory, e);
        }
    }
}

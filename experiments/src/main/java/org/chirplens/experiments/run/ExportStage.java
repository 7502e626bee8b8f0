package org.chirplens.experiments.run;

import org.chirplens.checkpoint.ModelDirectory;
import org.chirplens.checkpoint.SavedModelExport;

/** Writes the best model as a SavedModel. */
final class ExportStage {
    private ExportStage() {}

    static void run(RunContext context) {
        SavedModelExport.write(
                context.files().savedModel(),
                ModelDirectory.read(context.files().model()));
    }
}

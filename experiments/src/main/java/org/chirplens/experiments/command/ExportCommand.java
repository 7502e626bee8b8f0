package org.chirplens.experiments.command;

import java.nio.file.Path;
import java.util.List;
import org.chirplens.checkpoint.MergedSafetensors;
import org.chirplens.checkpoint.ModelDirectory;
import org.chirplens.checkpoint.PeftAdapter;
import org.chirplens.checkpoint.ReleasedCheckpoint;
import org.chirplens.checkpoint.SavedModelExport;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.UsageException;
import org.chirplens.experiments.run.OpenModel;
import org.chirplens.experiments.run.OutputCheck;

/** Writes a model in a form that other programs read. */
final class ExportCommand {
    private static final List<String> KINDS = List.of("savedmodel", "safetensors", "peft", "released");

    private ExportCommand() {}

    static CommandSpec spec() {
        return CommandSpec.withoutArguments(
                "export",
                "Write a model as SavedModel, merged safetensors, PEFT adapter or released checkpoint",
                "savedmodel is TensorFlow's, with the signatures predict, attention and ablate; safetensors is a model"
                        + " directory with the adapters merged into the backbone; peft is the adapter alone; released"
                        + " is one file with the names of the released training script's .pth, its config.json and"
                        + " adapter_config.json.",
                List.of(
                        SharedOptions.model(),
                        CommandSpec.required("to", "KIND", "one of " + KINDS),
                        CommandSpec.required("out", "DIR", "where to")),
                List.of("./chirplens export --model runs/quick --to savedmodel --out savedmodels/quick"),
                ExportCommand::run);
    }

    private static int run(Invocation invocation) {
        String kind = invocation.text("to").orElse("");
        if (!KINDS.contains(kind)) {
            throw new UsageException("--to must be one of " + KINDS + ", found '" + kind + "'");
        }
        Path out = invocation.requiredPath("out");
        OutputCheck.isFree(out);
        TrainedModel model = ModelDirectory.read(OpenModel.locate(invocation.requiredPath("model")));
        switch (kind) {
            case "savedmodel" -> SavedModelExport.write(out, model);
            case "safetensors" -> MergedSafetensors.write(out, model);
            case "peft" -> PeftAdapter.write(out, model);
            default -> ReleasedCheckpoint.write(out, model);
        }
        invocation.console().result(out);
        return ExitCode.DONE;
    }
}

package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.verify.BundleVerification;
import org.chirplens.experiments.verify.Check;
import org.chirplens.experiments.verify.Tolerance;
import org.jspecify.annotations.Nullable;

/** Checks this build against recorded tensors. */
final class VerifyCommand {
    private VerifyCommand() {}

    static CommandSpec spec() {
        return new CommandSpec(
                "verify",
                "Check this build against recorded reference tensors, a line each",
                "A bundle is a directory with some of the folders forward, ablation and training (with a folder model"
                        + " beside them), chirp_clean, chirp_genuine, resize and split, or a directory of such"
                        + " directories. Compared are: the forward pass with its attentions and maps, head ablation,"
                        + " AdamW steps with their gradients, spectrogram arrays, drawn figures, resized images and"
                        + " model inputs, and the split. A folder holds its arrays in all.safetensors, in .npy files or"
                        + " in both, and then they must be the same bits. Each line shows the largest absolute and"
                        + " relative error and the tolerance for one of them. 'not checked' stands for what is unknown"
                        + " or lacks an input. The exit code is 3 when a line FAILED, and 2 when BUNDLE_DIR is no"
                        + " bundle. docs/recording-a-bundle.md tells how to record one.",
                "BUNDLE_DIR",
                1,
                1,
                List.of(),
                List.of("./chirplens verify framework/src/test/resources/reference/config_a"),
                VerifyCommand::run);
    }

    private static int run(Invocation invocation) {
        Path bundle = Path.of(invocation.arguments().get(0));
        List<Check> checks = new BundleVerification(invocation.session(0)).run(bundle);
        if (invocation.console().json()) {
            invocation.console().result(json(checks));
        } else {
            invocation.console().result(CheckTable.of(checks));
        }
        boolean failed = checks.stream().anyMatch(check -> check.status() == Check.Status.FAILED);
        return failed ? ExitCode.CHECK : ExitCode.DONE;
    }

    private static ArrayNode json(List<Check> checks) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Check check : checks) {
            ObjectNode one = list.addObject();
            one.put("name", check.name());
            one.put("max_abs_error", finite(check.maxAbsError()));
            one.put("max_rel_error", finite(check.maxRelError()));
            Tolerance tolerance = check.tolerance();
            one.put("tolerance", tolerance == null ? null : tolerance.bound());
            one.put("status", check.status().text());
            if (check.note() != null) {
                one.put("note", check.note());
            }
        }
        return list;
    }

    /** JSON has no number for what is not finite. */
    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}

package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.TextTable;
import org.chirplens.experiments.verify.BundleVerification;
import org.chirplens.experiments.verify.Check;

/** Checks this build against recorded tensors. */
final class VerifyCommand {
    private VerifyCommand() {}

    static CommandSpec spec() {
        return new CommandSpec(
                "verify",
                "Check this build against recorded reference tensors, a line each",
                "A bundle is a directory with model/ and recorded arrays. What this build does not compute yet is shown as"
                        + " 'not yet'. The exit code is 3 when a check does not hold.",
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
            invocation.console().result(table(checks));
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
            one.put("tolerance", finite(check.tolerance()));
            one.put("status", check.status().text());
            if (check.relative()) {
                one.put("max_relative_error", finite(check.maxRelError()));
            }
        }
        return list;
    }

    private static @org.jspecify.annotations.Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static String table(List<Check> checks) {
        TextTable table = new TextTable("array", "error", "tolerance", "", "status");
        for (Check check : checks) {
            boolean compared = check.status() != Check.Status.NOT_YET;
            double error = check.relative() ? check.maxRelError() : check.maxAbsError();
            table.row(
                    check.name(),
                    compared ? String.format(Locale.ROOT, "%.1e", error) : "",
                    compared ? String.format(Locale.ROOT, "%.0e", check.tolerance()) : "",
                    compared ? (check.relative() ? "relative" : "absolute") : "",
                    check.status().text());
        }
        long ok = checks.stream()
                .filter(check -> check.status() == Check.Status.OK)
                .count();
        long failed = checks.stream()
                .filter(check -> check.status() == Check.Status.FAILED)
                .count();
        return table
                + String.format(Locale.ROOT, "%n%d ok, %d failed, %d not yet", ok, failed, checks.size() - ok - failed);
    }
}

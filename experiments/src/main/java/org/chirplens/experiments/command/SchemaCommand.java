package org.chirplens.experiments.command;

import java.util.List;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.config.ConfigSchema;

/** Prints the JSON Schema of config files. */
final class SchemaCommand {
    private SchemaCommand() {}

    static CommandSpec spec() {
        return CommandSpec.withoutArguments(
                "schema",
                "Print the JSON Schema of config files: every key with meaning, default and range",
                "Editors use it to complete and check a config file.",
                List.of(CommandSpec.flag("sweep", "of a sweep's config, which has a section 'sweep' too")),
                List.of("./chirplens schema > chirplens.schema.json", "./chirplens schema --sweep > sweep.schema.json"),
                SchemaCommand::run);
    }

    private static int run(Invocation invocation) {
        invocation.console().result(invocation.has("sweep") ? ConfigSchema.writeSweep() : ConfigSchema.write());
        return ExitCode.DONE;
    }
}

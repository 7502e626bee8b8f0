package org.chirplens.experiments.command;

import java.util.List;
import org.chirplens.experiments.cli.CommandSpec;

/** The table of commands, in the order in which help shows them. */
public final class Commands {
    private Commands() {}

    /** Every command. */
    public static List<CommandSpec> all() {
        return List.of(
                RunCommand.spec(),
                GenerateCommand.spec(),
                DataCommand.spec(),
                RunCommand.pretrain(),
                RunCommand.finetune(),
                SweepCommand.spec(),
                EvaluateCommand.spec(),
                PredictCommand.spec(),
                AttentionCommand.spec(),
                AtlasCommand.spec(),
                AblateCommand.spec(),
                AttributeCommand.spec(),
                CompareCommand.spec(),
                ImportCommand.spec(),
                ExportCommand.spec(),
                ReportCommand.spec(),
                VerifyCommand.spec(),
                BenchCommand.spec(),
                DoctorCommand.spec(),
                SchemaCommand.spec());
    }
}

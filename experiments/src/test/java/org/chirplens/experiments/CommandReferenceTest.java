package org.chirplens.experiments;

import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.Option;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.GlobalOptions;
import org.chirplens.experiments.cli.HelpText;
import org.chirplens.experiments.command.Commands;
import org.junit.jupiter.api.Test;

/** {@code docs/commands.md} is the command table that {@code --help} prints. */
class CommandReferenceTest {
    @Test
    void thePageOfCommandsSaysWhatHelpSays() throws IOException {
        GeneratedDocument.check("commands.md", page(Commands.all()));
    }

    private static String page(List<CommandSpec> commands) {
        StringBuilder page = new StringBuilder("# Commands\n\n")
                .append(GeneratedDocument.note("the table that ./chirplens --help prints"))
                .append("\n    ./chirplens COMMAND [options]\n    ./chirplens help COMMAND\n\n")
                .append("Results go to standard output, progress and messages to standard error. ")
                .append(exitCodes(commands))
                .append("\n\n| command | |\n|---|---|\n");
        for (CommandSpec command : commands) {
            page.append("| [" + command.name() + "](#" + command.name() + ") | "
                    + GeneratedDocument.plain(command.summary()) + " |\n");
        }
        page.append("\n## Options of every command\n\n");
        options(page, GlobalOptions.all());
        commands.forEach(command -> section(page, command));
        return page.toString();
    }

    private static String exitCodes(List<CommandSpec> commands) {
        return HelpText.program(commands)
                .lines()
                .filter(line -> line.startsWith("Exit codes"))
                .findFirst()
                .orElseThrow();
    }

    private static void section(StringBuilder page, CommandSpec command) {
        page.append("\n## " + command.name() + "\n\n    " + HelpText.usage(command) + "\n\n");
        String about = command.summary() + "." + (command.details().isEmpty() ? "" : " " + command.details());
        for (String paragraph : about.split("\n", -1)) {
            page.append(GeneratedDocument.wrapped(GeneratedDocument.plain(paragraph.strip()), ""))
                    .append('\n');
        }
        options(page, command.options());
        page.append(command.options().isEmpty() ? "" : "\n")
                .append(command.examples().size() == 1 ? "Example:\n\n" : "Examples:\n\n");
        command.examples()
                .forEach(example -> page.append("    ").append(example).append('\n'));
    }

    private static void options(StringBuilder page, List<Option> options) {
        for (Option option : options) {
            String name = (option.getOpt() == null ? "" : "-" + option.getOpt() + ", ") + "--" + option.getLongOpt()
                    + (option.hasArg() ? " " + option.getArgName() : "");
            String must = option.isRequired() ? " (must be given)" : "";
            page.append(GeneratedDocument.wrapped(
                    "* `" + name + "`" + must + ": " + GeneratedDocument.plain(option.getDescription()), "  "));
        }
    }
}

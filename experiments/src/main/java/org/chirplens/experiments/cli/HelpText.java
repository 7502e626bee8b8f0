package org.chirplens.experiments.cli;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Option;

/** Help, written from the command table. */
public final class HelpText {
    private static final int WIDTH = 100;

    private HelpText() {}

    /** The program's help: what it is for and a line per command. */
    public static String program(List<CommandSpec> commands) {
        List<String[]> rows = new ArrayList<>();
        commands.forEach(command -> rows.add(new String[] {command.name(), command.summary()}));
        return """
                ChirpLens: which attention heads of a fine-tuned vision transformer do the work, and what does each look at?

                Usage: ./chirplens COMMAND [options]

                Commands:
                %s
                Options of every command:
                %s
                Start with:
                  ./chirplens run configs/quick.yaml      from nothing to a report in a few minutes
                  ./chirplens help run                    more about a command

                Exit codes: 0 done, 1 failed, 2 wrong usage or input, 3 a check did not hold.
                """.formatted(columns(rows), columns(optionRows(GlobalOptions.all())));
    }

    /** A command's help. */
    public static String command(CommandSpec command) {
        StringBuilder text = new StringBuilder("Usage: " + usage(command) + "\n\n");
        String about = command.summary() + "." + (command.details().isEmpty() ? "" : " " + command.details());
        for (String paragraph : about.split("\n", -1)) {
            wrap(text, paragraph.strip(), 0);
            text.append('\n');
        }
        if (!command.options().isEmpty()) {
            text.append("Options:\n")
                    .append(columns(optionRows(command.options())))
                    .append('\n');
        }
        text.append("Options of every command:\n").append(columns(optionRows(GlobalOptions.all())));
        text.append(command.examples().size() == 1 ? "\nExample:\n" : "\nExamples:\n");
        command.examples().forEach(example -> text.append("  ").append(example).append('\n'));
        return text.toString();
    }

    /** The usage line. */
    public static String usage(CommandSpec command) {
        StringBuilder usage = new StringBuilder("./chirplens ").append(command.name());
        command.options().stream().filter(Option::isRequired).forEach(option -> usage.append(' ')
                .append(name(option)));
        boolean more = command.options().stream().anyMatch(option -> !option.isRequired());
        usage.append(more ? " [options]" : "");
        return command.arguments().isEmpty()
                ? usage.toString()
                : usage.append(' ').append(command.arguments()).toString();
    }

    private static List<String[]> optionRows(List<Option> options) {
        List<String[]> rows = new ArrayList<>();
        options.forEach(option -> rows.add(new String[] {name(option), option.getDescription()}));
        return rows;
    }

    private static String name(Option option) {
        String name = (option.getOpt() == null ? "" : "-" + option.getOpt() + ", ") + "--" + option.getLongOpt();
        return option.hasArg() ? name + " " + option.getArgName() : name;
    }

    private static String columns(List<String[]> rows) {
        int left = rows.stream().mapToInt(row -> row[0].length()).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            text.append("  ").append(row[0]).append(" ".repeat(left - row[0].length() + 2));
            wrap(text, row[1], left + 4);
        }
        return text.toString();
    }

    private static void wrap(StringBuilder text, String sentence, int indent) {
        int column = indent;
        for (String word : sentence.split(" ", -1)) {
            if (column > indent && column + 1 + word.length() > WIDTH) {
                text.append('\n').append(" ".repeat(indent));
                column = indent;
            } else if (column > indent) {
                text.append(' ');
                column++;
            }
            text.append(word);
            column += word.length();
        }
        text.append('\n');
    }
}

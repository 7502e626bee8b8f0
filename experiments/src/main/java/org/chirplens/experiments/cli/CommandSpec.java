package org.chirplens.experiments.cli;

import java.util.List;
import org.apache.commons.cli.Option;

/**
 * A command as help, parser and dispatcher see it.
 *
 * @param name the word on the command line
 * @param summary one line, without a full stop
 * @param details further sentences for the command's own help; may be empty
 * @param arguments the positional arguments as the usage line shows them, such as {@code IMAGE…}; may be empty
 * @param leastArguments how many of them must be given
 * @param mostArguments how many may be given
 * @param options the command's own options; the global ones are understood by every command
 * @param examples complete command lines
 * @param body what the command does
 */
public record CommandSpec(
        String name,
        String summary,
        String details,
        String arguments,
        int leastArguments,
        int mostArguments,
        List<Option> options,
        List<String> examples,
        Body body) {
    public CommandSpec {
        options = List.copyOf(options);
        examples = List.copyOf(examples);
    }

    /** A command without positional arguments. */
    public static CommandSpec withoutArguments(
            String name, String summary, String details, List<Option> options, List<String> examples, Body body) {
        return new CommandSpec(name, summary, details, "", 0, 0, options, examples, body);
    }

    /** What a command does. */
    @FunctionalInterface
    public interface Body {
        /**
         * Runs the command.
         *
         * @return an {@link ExitCode}
         * @throws IllegalArgumentException when the input is at fault; the message is for the user
         */
        int run(Invocation invocation) throws Exception;
    }

    /** An option with a value. */
    public static Option value(String name, String argument, String meaning) {
        return Option.builder()
                .longOpt(name)
                .hasArg()
                .argName(argument)
                .desc(meaning)
                .get();
    }

    /** An option with a value that may be given several times; any other is refused the second time. */
    public static Option repeatable(String name, String argument, String meaning) {
        Option option = value(name, argument, meaning);
        option.setType(List.class);
        return option;
    }

    /** Whether an option may be given several times. */
    public static boolean isRepeatable(Option option) {
        return option.getType().equals(List.class);
    }

    /** An option with a value that must be given. */
    public static Option required(String name, String argument, String meaning) {
        Option option = value(name, argument, meaning);
        option.setRequired(true);
        return option;
    }

    /** An option without a value. */
    public static Option flag(String name, String meaning) {
        return Option.builder().longOpt(name).desc(meaning).get();
    }
}

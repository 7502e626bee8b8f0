package org.chirplens.experiments;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.AmbiguousOptionException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.MissingOptionException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.Console;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.GlobalOptions;
import org.chirplens.experiments.cli.HelpText;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.UsageException;
import org.chirplens.experiments.command.Commands;
import org.chirplens.experiments.config.Nearest;
import org.tensorflow.exceptions.TFResourceExhaustedException;

/** Finds the command that the command line names, runs it, and turns what happens into an exit code. */
public final class Main {
    private static final int LONGEST_MESSAGE = 10_000;
    private static final List<String> HELP_WORDS = List.of("help", "--help", "-h");

    private final List<CommandSpec> commands = Commands.all();
    private final PrintStream out;
    private final PrintStream err;

    private Main(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** The program; the only place that ends the process. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        int code = run(args, out, err);
        if (out.checkError() && code == ExitCode.DONE) {
            err.println("chirplens: cannot write standard output");
            code = ExitCode.FAILED;
        }
        System.exit(code);
    }

    /**
     * Runs a command line.
     *
     * @return the exit code, see {@link ExitCode}
     */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        try {
            return new Main(out, err).dispatch(Arrays.asList(args));
        } catch (IllegalArgumentException e) {
            return explain(e, ExitCode.USAGE, args, err);
        } catch (Exception | OutOfMemoryError | LinkageError e) {
            return explain(e, ExitCode.FAILED, args, err);
        }
    }

    private static int explain(Throwable e, int code, String[] args, PrintStream err) {
        boolean debug =
                System.getenv("CHIRPLENS_DEBUG") != null || Arrays.asList(args).contains("--debug");
        err.println("chirplens: " + shown(message(e)));
        if (debug) {
            e.printStackTrace(err);
        } else if (code == ExitCode.FAILED) {
            err.println("chirplens: CHIRPLENS_DEBUG=1 shows where it happened");
        }
        return code;
    }

    /** What happened, and for want of memory what may help. */
    static String message(Throwable e) {
        boolean named = e instanceof IllegalArgumentException || e instanceof java.io.UncheckedIOException;
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        if (e instanceof OutOfMemoryError) {
            return "out of memory: " + message + "; give Java more with CHIRPLENS_JAVA_OPTS=-Xmx4g";
        }
        if (e instanceof TFResourceExhaustedException) {
            String first = message.lines().findFirst().orElse("");
            return "out of memory: " + first + "; take a smaller training.batchSize or a larger training.accumulate,"
                    + " a smaller analysis.batchSize or --batch, or a larger --gpu-memory where it is given";
        }
        if (!named) {
            return e.getClass().getSimpleName() + ": " + message;
        }
        return e.getCause() instanceof java.io.IOException cause && cause.getMessage() != null
                ? message + " (" + cause.getMessage() + ")"
                : message;
    }

    /** Messages quote names from files, which may hold what a terminal obeys, or be endless. */
    private static String shown(String message) {
        String printable = message.codePoints()
                .limit(LONGEST_MESSAGE)
                .map(c -> Character.isISOControl(c) && c != '\n' && c != '\t' ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return printable.length() < message.length() ? printable + " …" : printable;
    }

    private int dispatch(List<String> words) throws Exception {
        if (words.isEmpty()) {
            out.print(HelpText.program(commands));
            return ExitCode.DONE;
        }
        if (HELP_WORDS.contains(words.get(0))) {
            String topic = words.size() > 1 ? words.get(1) : "";
            out.print(topic.isEmpty() ? HelpText.program(commands) : HelpText.command(find(topic)));
            return ExitCode.DONE;
        }
        CommandSpec command = find(words.get(0));
        List<String> rest = words.subList(1, words.size());
        if (rest.contains("--help") || rest.contains("-h")) {
            out.print(HelpText.command(command));
            return ExitCode.DONE;
        }
        CommandLine line = parse(command, rest);
        boolean terminal = Boolean.getBoolean("chirplens.terminal");
        Console console = new Console(
                out, err, line.hasOption(GlobalOptions.QUIET), line.hasOption(GlobalOptions.JSON), terminal);
        Invocation invocation = new Invocation(line, words, console);
        invocation.requireValid();
        return command.body().run(invocation);
    }

    private CommandSpec find(String name) {
        Optional<CommandSpec> found =
                commands.stream().filter(command -> command.name().equals(name)).findFirst();
        return found.orElseThrow(() -> {
            List<String> names = commands.stream().map(CommandSpec::name).toList();
            return new UsageException("unknown command '" + name + "'; "
                    + Nearest.to(name, names)
                            .map(near -> "did you mean '" + near + "'?")
                            .orElse("known: " + String.join(", ", names)));
        });
    }

    /**
     * Parses what follows a command's name.
     *
     * @throws UsageException when it is not what the command understands
     */
    static CommandLine parse(CommandSpec command, List<String> words) {
        Options options = new Options();
        GlobalOptions.all().forEach(options::addOption);
        // Options keep what was parsed, so each parse gets copies.
        command.options().forEach(option -> options.addOption((Option) option.clone()));
        CommandLine line;
        try {
            line = DefaultParser.builder()
                    .setAllowPartialMatching(false)
                    .get()
                    .parse(options, words.toArray(String[]::new));
        } catch (ParseException e) {
            throw new UsageException(problem(e, options) + "\nUsage: " + HelpText.usage(command));
        }
        requireOnce(line);
        int count = line.getArgList().size();
        if (count < command.leastArguments() || count > command.mostArguments()) {
            String found = count < command.leastArguments()
                    ? "needs " + command.arguments()
                    : "does not know what to do with '" + line.getArgList().get(command.mostArguments()) + "'";
            throw new UsageException(command.name() + " " + found + "\nUsage: " + HelpText.usage(command));
        }
        return line;
    }

    private static void requireOnce(CommandLine line) {
        for (Option option : line.getOptions()) {
            String[] values = line.getOptionValues(option.getLongOpt());
            if (values != null && values.length > 1 && !CommandSpec.isRepeatable(option)) {
                throw new UsageException(
                        "--" + option.getLongOpt() + " must be given once, found " + String.join(", ", values));
            }
        }
    }

    private static String problem(ParseException e, Options options) {
        if (e instanceof UnrecognizedOptionException unknown && !(e instanceof AmbiguousOptionException)) {
            List<String> known = new ArrayList<>();
            options.getOptions().forEach(option -> known.add("--" + option.getLongOpt()));
            return "unknown option '" + unknown.getOption() + "'"
                    + Nearest.to(unknown.getOption(), known)
                            .map(near -> "; did you mean '" + near + "'?")
                            .orElse("");
        }
        if (e instanceof MissingArgumentException missing && missing.getOption() != null) {
            return "--" + missing.getOption().getLongOpt() + " needs a value: "
                    + missing.getOption().getArgName();
        }
        if (e instanceof MissingOptionException missing) {
            List<String> names = new ArrayList<>();
            for (Object name : missing.getMissingOptions()) {
                names.add("--" + name);
            }
            return String.join(", ", names) + " must be given";
        }
        return String.valueOf(e.getMessage());
    }
}

package org.chirplens.experiments;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.GlobalOptions;
import org.chirplens.experiments.cli.UsageException;
import org.chirplens.experiments.command.Commands;

/** A command line as documents show it, where words in capitals and dots stand for what the reader puts there. */
final class DocumentedCommand {
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|[^\\s\"']+");
    private static final Pattern PLACEHOLDER = Pattern.compile("[A-Z][A-Z0-9_]*|…?");
    private static final Set<String> NAMES = Set.of("NAME", "KIND", "FORMAT", "ENCODING", "FACTORS", "A,B,…", "DEVICE");
    private static final Set<String> INTEGERS = Set.of("N", "S", "I", "P");

    private final List<String> words;
    private final boolean whole;
    private final Set<String> runKeys;
    private final Set<String> sweepKeys;

    private DocumentedCommand(List<String> words, boolean whole, Set<String> runKeys, Set<String> sweepKeys) {
        this.words = words;
        this.whole = whole;
        this.runKeys = runKeys;
        this.sweepKeys = sweepKeys;
    }

    /**
     * The command that a line or a piece of code is; none where it is something else.
     *
     * @param inBlock whether nothing may be missing, as in a block that readers copy
     * @param runKeys the keys of a run's config
     * @param sweepKeys those of a sweep's
     */
    static Optional<DocumentedCommand> of(String line, boolean inBlock, Set<String> runKeys, Set<String> sweepKeys) {
        List<String> all = words(line.replace("[options]", ""));
        int launcher = 0;
        while (launcher < all.size() && !all.get(launcher).matches("\\./chirplens|.*/chirplens/chirplens")) {
            launcher++;
        }
        boolean launched = launcher < all.size();
        List<String> words = launched ? all.subList(launcher + 1, all.size()) : all;
        boolean named = !words.isEmpty()
                && (launched || Commands.all().stream().anyMatch(c -> c.name().equals(words.get(0))));
        boolean said = launched || (!inBlock && words.stream().anyMatch(word -> word.startsWith("--")));
        if (!named || !said || PLACEHOLDER.matcher(words.get(0)).matches()) {
            return Optional.empty();
        }
        boolean whole = inBlock && !words.contains("…");
        return Optional.of(new DocumentedCommand(
                words.stream().filter(word -> !word.equals("…")).toList(), whole, runKeys, sweepKeys));
    }

    /** The words up to what is the shell's; brackets around what may be left out are dropped. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line.replace("...", "…"));
        while (matcher.find()) {
            String word = matcher.group();
            if (word.startsWith("#")
                    || Set.of("|", "||", "&&", ";", "&", ">", ">>", "<").contains(word)) {
                return words;
            }
            String quoted = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
            words.add(quoted != null ? quoted : word.replaceAll("[\\[\\]]|;$", ""));
        }
        return words;
    }

    /** What is wrong with it, in words; empty when nothing is. */
    Optional<String> problem() {
        if (words.get(0).matches("--help|-h") || words.equals(List.of("help"))) {
            return Optional.empty();
        }
        if (words.get(0).equals("help")) {
            return PLACEHOLDER.matcher(words.get(1)).matches()
                    ? Optional.empty()
                    : new DocumentedCommand(words.subList(1, 2), false, runKeys, sweepKeys).problem();
        }
        return Commands.all().stream()
                .filter(command -> command.name().equals(words.get(0)))
                .findFirst()
                .map(this::problem)
                .orElse(Optional.of("there is no command " + words.get(0)));
    }

    private Optional<String> problem(CommandSpec command) {
        CommandLine line;
        try {
            line = whole
                    ? Main.parse(command, words.subList(1, words.size()))
                    : Main.parse(relaxed(command), withValue(command));
        } catch (UsageException e) {
            return Optional.of(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        for (Option option : line.getOptions()) {
            for (String value : option.getValues() == null ? new String[0] : option.getValues()) {
                if (!PLACEHOLDER.matcher(value).matches() && !fits(command, option, value)) {
                    return Optional.of("--" + option.getLongOpt() + " does not know " + value);
                }
            }
        }
        return work(command, line);
    }

    /** The command with nothing that must be given. */
    private static CommandSpec relaxed(CommandSpec command) {
        List<Option> options = command.options().stream()
                .map(option -> (Option) option.clone())
                .toList();
        options.forEach(option -> option.setRequired(false));
        return new CommandSpec(
                command.name(),
                command.summary(),
                command.details(),
                command.arguments(),
                0,
                command.mostArguments(),
                options,
                command.examples(),
                command.body());
    }

    /** What follows the command's name; an option at the end gets the value that a mention of it leaves out. */
    private List<String> withValue(CommandSpec command) {
        List<String> given = new ArrayList<>(words.subList(1, words.size()));
        String last = words.get(words.size() - 1);
        if (Stream.concat(command.options().stream(), GlobalOptions.all().stream())
                .anyMatch(option -> option.hasArg() && last.equals("--" + option.getLongOpt()))) {
            given.add("VALUE");
        }
        return given;
    }

    private boolean fits(CommandSpec command, Option option, String value) {
        if (INTEGERS.contains(option.getArgName())) {
            return value.matches("-?[0-9]+");
        }
        if (option.getArgName().equals("K/N")) {
            return value.matches("[0-9]+/[0-9]+|K/N");
        }
        if (option.getArgName().equals("KEY=VALUE")) {
            Set<String> keys = command.name().equals("sweep") ? sweepKeys : runKeys;
            String key = value.replaceFirst("=.*", "");
            return keys.contains(key) || PLACEHOLDER.matcher(key).matches();
        }
        if (NAMES.contains(option.getArgName())) {
            List<String> known = List.of(option.getDescription().split("[^a-z0-9_]+", -1));
            return List.of(value.replaceFirst(":[0-9N]+$", "").split(",", -1)).stream()
                    .allMatch(name ->
                            known.contains(name) || PLACEHOLDER.matcher(name).matches());
        }
        return true;
    }

    /** A command with several kinds of work names them as {@code check|regions DIR}. */
    private static Optional<String> work(CommandSpec command, CommandLine line) {
        List<String> kinds = List.of(command.arguments().split(" ", -1)[0].split("\\|", -1));
        if (kinds.size() < 2 || line.getArgList().isEmpty()) {
            return Optional.empty();
        }
        String kind = line.getArgList().get(0);
        return kinds.contains(kind) || kind.equals(String.join("|", kinds))
                ? Optional.empty()
                : Optional.of(command.name() + " does not know " + kind);
    }
}

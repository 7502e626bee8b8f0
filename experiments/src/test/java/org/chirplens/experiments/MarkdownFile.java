package org.chirplens.experiments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The parts of a Markdown document that can be checked. */
final class MarkdownFile {
    private static final String FENCE = "```";
    private static final String INDENT = "    ";
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");

    private final Path file;
    private final StringBuilder text = new StringBuilder();
    private final List<String> commands = new ArrayList<>();
    private final List<String> yaml = new ArrayList<>();

    /** Reads a document. */
    MarkdownFile(Path file) throws IOException {
        this.file = file;
        boolean blank = true;
        boolean indented = false;
        String language = "";
        StringBuilder block = new StringBuilder();
        for (String line : Files.readAllLines(file)) {
            boolean fenced = !language.isEmpty();
            if (line.startsWith(FENCE)) {
                if (language.equals(FENCE + "yaml")) {
                    yaml.add(block.toString());
                }
                commands.addAll(block.toString().lines().toList());
                block.setLength(0);
                language = fenced ? "" : line.strip();
            } else if (fenced) {
                block.append(line).append('\n');
            } else {
                indented = line.startsWith(INDENT) && (blank || indented);
                (indented ? block : text).append(line).append('\n');
                if (!indented) {
                    commands.addAll(block.toString().lines().toList());
                    block.setLength(0);
                }
            }
            blank = line.isBlank();
        }
        commands.addAll(block.toString().lines().toList());
    }

    Path file() {
        return file;
    }

    /** The lines of blocks of code; one that a backslash ends is one with the next. */
    List<String> blockLines() {
        return List.of(String.join("\n", commands).replace("\\\n", " ").split("\n", -1));
    }

    /** The blocks of YAML. */
    List<String> yaml() {
        return yaml;
    }

    /** The pieces of code between single backticks. */
    List<String> inlineCode() {
        List<String> pieces = new ArrayList<>();
        for (String paragraph : text.toString().split("\n\\s*\n|\n(?=[|*#])", -1)) {
            CODE.matcher(paragraph)
                    .results()
                    .forEach(match -> pieces.add(match.group(1).replaceAll("\\s+", " ")));
        }
        return pieces;
    }

    /** Where links and images lead. */
    List<String> links() {
        return LINK.matcher(CODE.matcher(text).replaceAll("`"))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /** The anchors of the headings, made as GitHub does. */
    List<String> anchors() {
        return HEADING.matcher(text).results().map(MarkdownFile::anchor).toList();
    }

    private static String anchor(MatchResult heading) {
        return heading.group(1)
                .replaceAll("]\\([^)]*\\)", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_\\- ]", "")
                .replace(' ', '-');
    }
}

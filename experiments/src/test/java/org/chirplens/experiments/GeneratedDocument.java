package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of {@code docs/} that is made of the program's own tables. */
final class GeneratedDocument {
    private static final int WIDTH = 140;

    private GeneratedDocument() {}

    /** Insists that a page is up to date; writes it when {@code tools/update-docs.sh} asks for that. */
    static void check(String name, String expected) throws IOException {
        Path file = Path.of("..", "docs", name);
        if (Boolean.getBoolean("chirplens.writeDocuments")) {
            Files.writeString(file, expected);
        }
        assertThat(Files.exists(file) ? Files.readString(file) : "")
                .as("docs/%s is not what the program says; write it anew with tools/update-docs.sh", name)
                .isEqualTo(expected);
    }

    /** What stands below a generated page's title. */
    static String note(String source) {
        return "<!-- Made from " + source + " by tools/update-docs.sh; do not edit. -->\n";
    }

    /** A text with its Markdown switched off. */
    static String plain(String text) {
        return text.replaceAll("([<>*|\\[\\]])", "\\\\$1");
    }

    /** Text in lines of bounded width, all but the first indented. */
    static String wrapped(String text, String indent) {
        StringBuilder lines = new StringBuilder();
        int column = 0;
        for (String word : text.split(" ", -1)) {
            if (column > 0 && column + 1 + word.length() > WIDTH) {
                lines.append('\n').append(indent);
                column = indent.length();
            } else if (column > 0) {
                lines.append(' ');
                column++;
            }
            lines.append(word);
            column += word.length();
        }
        return lines.append('\n').toString();
    }
}

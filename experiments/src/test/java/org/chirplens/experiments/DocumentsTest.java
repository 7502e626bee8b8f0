package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.chirplens.experiments.config.ConfigSchema;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Links, commands, config keys and files that the documents name are there. */
class DocumentsTest {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final Path DOCS = HOME.resolve("docs");
    private static final String GRID = "sweep.grid.";
    /** A file of the project that code names, from its directory on; not one that a command is to make. */
    private static final Pattern OURS = Pattern.compile(
            "(?<!--out )(?<![\\w./-])(?:configs|docs|savedmodels|tools|framework|experiments)/[\\w./-]*\\w");

    private static final Pattern KEY =
            Pattern.compile("(?:data|model|training|analysis|runtime|sweep)(?:\\.[a-z][A-Za-z0-9]*)+");
    private static final Pattern FILE = Pattern.compile(".*\\.(csv|json|yaml|png|svg|safetensors|md|java)");

    private static final List<MarkdownFile> DOCUMENTS = new ArrayList<>();
    private static final Set<String> RUN_KEYS = new TreeSet<>();
    private static final Set<String> SWEEP_KEYS = new TreeSet<>();

    @BeforeAll
    static void readDocumentsAndKeys() throws IOException {
        DOCUMENTS.add(new MarkdownFile(HOME.resolve("README.md")));
        DOCUMENTS.add(new MarkdownFile(HOME.resolve("CHANGELOG.md")));
        for (Path directory : List.of(DOCS, HOME.resolve("savedmodels"))) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".md")).toList()) {
                    DOCUMENTS.add(new MarkdownFile(file));
                }
            }
        }
        keys(ConfigSchema.write(), "", RUN_KEYS);
        keys(ConfigSchema.writeSweep(), "", SWEEP_KEYS);
        RUN_KEYS.forEach(key -> SWEEP_KEYS.add(GRID + key));
    }

    /** The whole names of the keys below a path; those of all variants, and of the items of lists. */
    private static void keys(JsonNode schema, String path, Set<String> keys) {
        schema.path("oneOf").forEach(variant -> keys(variant, path, keys));
        for (JsonNode section : List.of(schema, schema.path("items"))) {
            section.path("properties").properties().forEach(field -> {
                keys.add(path + field.getKey());
                keys(field.getValue(), path + field.getKey() + ".", keys);
            });
        }
    }

    @Test
    void everyLinkLeadsToAFileAndToAHeadingOfIt() throws IOException {
        List<String> broken = new ArrayList<>();
        for (MarkdownFile document : DOCUMENTS) {
            for (String link : document.links()) {
                if (!link.matches("[a-z]+:.*") && !leadsSomewhere(document, link)) {
                    broken.add(place(document) + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static boolean leadsSomewhere(MarkdownFile document, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty()
                ? document.file()
                : document.file().resolveSibling(parts[0]).normalize();
        return target.startsWith(HOME)
                && Files.exists(target)
                && (parts.length == 1 || new MarkdownFile(target).anchors().contains(parts[1]));
    }

    @Test
    void theIndexLinksToEveryDocument() {
        List<String> links = new ArrayList<>();
        for (MarkdownFile document : DOCUMENTS) {
            if (document.file().equals(DOCS.resolve("README.md"))) {
                links.addAll(document.links());
            }
        }
        for (MarkdownFile document : DOCUMENTS) {
            if (DOCS.equals(document.file().getParent()) && !document.file().endsWith("README.md")) {
                assertThat(links).contains(DOCS.relativize(document.file()).toString());
            }
        }
    }

    @Test
    void everyCommandIsUnderstood() {
        List<String> wrong = new ArrayList<>();
        int found = 0;
        for (MarkdownFile document : DOCUMENTS) {
            found += check(document, document.blockLines(), true, wrong);
            found += check(document, document.inlineCode(), false, wrong);
        }
        assertThat(wrong).isEmpty();
        assertThat(found).isGreaterThan(100);
    }

    private static int check(MarkdownFile document, List<String> lines, boolean inBlock, List<String> wrong) {
        List<DocumentedCommand> commands = new ArrayList<>();
        for (String line : lines) {
            DocumentedCommand.of(line, inBlock, RUN_KEYS, SWEEP_KEYS).ifPresent(command -> {
                commands.add(command);
                command.problem().ifPresent(problem -> wrong.add(place(document) + line.strip() + ": " + problem));
            });
        }
        return commands.size();
    }

    @Test
    void everyFileOfTheProjectThatCodeNamesIsThere() {
        List<String> missing = new ArrayList<>();
        for (MarkdownFile document : DOCUMENTS) {
            Stream.concat(document.blockLines().stream(), document.inlineCode().stream())
                    .flatMap(code -> OURS.matcher(code).results().map(match -> match.group()))
                    .filter(name -> !Files.exists(HOME.resolve(name)))
                    .forEach(name -> missing.add(place(document) + name));
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyConfigKeyIsInTheSchema() throws IOException {
        List<String> unknown = new ArrayList<>();
        for (MarkdownFile document : DOCUMENTS) {
            Set<String> named = new TreeSet<>();
            for (String code : document.inlineCode()) {
                String key = code.replaceFirst("[:=\\[ ].*", "");
                if (KEY.matcher(key).matches() && !FILE.matcher(key).matches()) {
                    named.add(key);
                }
            }
            for (String block : document.yaml()) {
                stated(new YAMLMapper().readTree(block), "", named);
            }
            named.stream()
                    .filter(key -> !RUN_KEYS.contains(key) && !SWEEP_KEYS.contains(key))
                    .forEach(key -> unknown.add(place(document) + key));
        }
        assertThat(unknown).isEmpty();
    }

    private static void stated(JsonNode tree, String path, Set<String> keys) {
        if (tree.isArray()) {
            tree.forEach(item -> stated(item, path, keys));
        }
        tree.properties().forEach(field -> {
            String key = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            keys.add(key);
            stated(field.getValue(), key, keys);
        });
    }

    private static String place(MarkdownFile document) {
        return HOME.relativize(document.file()) + ": ";
    }
}

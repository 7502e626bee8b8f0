package org.chirplens.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.Population;
import org.chirplens.figure.FigureStyle;
import org.jspecify.annotations.Nullable;

/**
 * What {@code dataset.json} says of a generated data set: enough to draw every image of it again.
 *
 * @param formatVersion {@value #FORMAT_VERSION}
 * @param figure how images are drawn
 * @param pairs factors of the counterfactuals that follow each image; empty for none
 * @param population what the chirps are drawn from
 * @param seed image i is a function of the seed and i
 * @param first number of the first image, at least 1
 * @param count the number of images, at least 1
 * @param tfrecord how TFRecord files hold the images; null, and no key in the file, when each is a PNG file
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatasetDescription(
        int formatVersion,
        FigureStyle figure,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Factor> pairs,
        Population population,
        long seed,
        int first,
        int count,
        @Nullable TfRecordLayout tfrecord) {
    /** The version of the format that is written and read. */
    public static final int FORMAT_VERSION = 1;

    /** The file in a data set's directory. */
    public static final String FILE_NAME = "dataset.json";

    private static final String UNFINISHED = " (was generating it stopped? the same command again goes on)";

    /** Keys that may be missing: there are no pairs then, and no TFRecord files. */
    private static final String PAIRS = "pairs";

    private static final String TFRECORD = "tfrecord";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .addModule(FigureStyleJson.module())
            .build();

    public DatasetDescription {
        require(formatVersion == FORMAT_VERSION, "format_version must be " + FORMAT_VERSION, formatVersion);
        require(figure != null, "figure must be given", "none");
        pairs = List.copyOf(pairs);
        int group = 1 + pairs.size();
        require(
                (first - 1) % group == 0 && count % group == 0,
                "first must begin, and count end, with a whole group of an image and its " + pairs.size()
                        + " counterfactuals",
                first + " and " + count);
        require(population != null, "population must be given", "none");
        require(first >= 1, "first must be at least 1", first);
        require(count >= 1, "count must be at least 1", count);
        require(first <= Integer.MAX_VALUE - count, "first + count must be below 2^31", (long) first + count);
    }

    private static void require(boolean holds, String rule, Object found) {
        if (!holds) {
            throw new IllegalArgumentException(rule + ", found " + found);
        }
    }

    /** A data set in the released figure style, without counterfactuals, a PNG file per image. */
    public static DatasetDescription of(Population population, long seed, int first, int count) {
        return of(FigureStyle.released(), List.of(), population, seed, first, count);
    }

    /** A data set of the version of the format that is written, a PNG file per image. */
    public static DatasetDescription of(
            FigureStyle figure, List<Factor> pairs, Population population, long seed, int first, int count) {
        return new DatasetDescription(FORMAT_VERSION, figure, pairs, population, seed, first, count, null);
    }

    /** The same images in TFRecord files. */
    public DatasetDescription in(TfRecordLayout layout) {
        return new DatasetDescription(formatVersion, figure, pairs, population, seed, first, count, layout);
    }

    private DatasetDescription over(int newFirst, int newCount) {
        return new DatasetDescription(formatVersion, figure, pairs, population, seed, newFirst, newCount, tfrecord);
    }

    /** What a directory says of itself; empty when it holds no {@code dataset.json}, as the published sets. */
    public static Optional<DatasetDescription> find(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode tree = JSON.readTree(Files.readString(file));
            if (!(tree instanceof ObjectNode object)) {
                throw new IllegalArgumentException(file + ": must describe a data set, found no JSON object");
            }
            if (!object.has(PAIRS)) {
                object.putArray(PAIRS);
            }
            if (!object.has(TFRECORD)) {
                object.putNull(TFRECORD);
            }
            return Optional.of(JSON.treeToValue(tree, DatasetDescription.class));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    file + ": must describe a data set of this format, found: " + reason(e), e);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + ": must be text in UTF-8, found other bytes", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static String reason(JsonProcessingException e) {
        return e.getCause() instanceof IllegalArgumentException rule
                ? String.valueOf(rule.getMessage())
                : e.getOriginalMessage();
    }

    void write(Path directory) {
        SharedFile.writeThrough(
                directory.resolve(FILE_NAME),
                out -> out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n"));
    }

    /** The images, drawn as they are asked for. */
    public GeneratedChirps images() {
        return new GeneratedChirps(population, figure, pairs, seed, first - 1, count);
    }

    private static String words(@Nullable TfRecordLayout layout) {
        return layout == null ? "PNG files" : layout.toString();
    }

    /** The chirps of a data set's label table, a row for each image that its description counts. */
    static List<Chirp> labels(Path directory, Optional<DatasetDescription> description) {
        Path table = directory.resolve(LabelTable.FILE_NAME);
        if (description.isPresent() && !Files.exists(table)) {
            throw new IllegalArgumentException(
                    table + ": the label table of a data set must exist, found none, as it is written when all "
                            + description.get().count() + " images are there" + UNFINISHED);
        }
        List<Chirp> labels = LabelTable.read(table);
        if (labels.isEmpty()) {
            throw new IllegalArgumentException(table + ": the label table must have a row per image, found no row");
        }
        description.ifPresent(said -> {
            if (labels.size() != said.count) {
                throw new IllegalArgumentException(table + ": the label table must have the " + said.count
                        + " rows that " + FILE_NAME + " says, found " + labels.size() + UNFINISHED);
            }
        });
        return labels;
    }

    /** How many images, from the first on, belong together: one of the population and its counterfactuals. */
    int groupSize() {
        return 1 + pairs.size();
    }

    /** Number of the last image. */
    int last() {
        return first + count - 1;
    }

    /**
     * This data set grown by the images of another of the same kind.
     *
     * @throws IllegalArgumentException when the two differ in anything but their range, or leave a gap
     */
    DatasetDescription grownBy(DatasetDescription more, Path directory) {
        String place = directory.resolve(FILE_NAME).toString();
        require(figure.equals(more.figure), place + ": figure must be " + more.figure, figure);
        require(pairs.equals(more.pairs), place + ": pairs must be " + more.pairs, pairs);
        require(population.equals(more.population), place + ": population must be " + more.population, population);
        require(seed == more.seed, place + ": seed must be " + more.seed + " to add images to this data set", seed);
        require(
                Objects.equals(tfrecord, more.tfrecord),
                place + ": the images must be kept as " + words(more.tfrecord) + " to add to this data set",
                words(tfrecord));
        require(
                more.first <= last() + 1 && first <= more.last() + 1,
                place + ": images must be numbered without a gap; to add are " + more.first + " to " + more.last(),
                first + " to " + last());
        int start = Math.min(first, more.first);
        return over(start, Math.max(last(), more.last()) - start + 1);
    }
}

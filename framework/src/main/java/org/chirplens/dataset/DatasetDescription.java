package org.chirplens.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.chirplens.chirp.Population;

/**
 * What {@code dataset.json} says of a generated data set: enough to draw every image of it again.
 *
 * @param formatVersion {@value #FORMAT_VERSION}
 * @param figure how images are drawn: {@value #RELEASED_FIGURE}
 * @param population what the chirps are drawn from
 * @param seed image i is a function of the seed and i
 * @param first number of the first image, at least 1
 * @param count the number of images, at least 1
 */
public record DatasetDescription(
        int formatVersion, String figure, Population population, long seed, int first, int count) {
    /** The version of the format that is written and read. */
    public static final int FORMAT_VERSION = 1;

    /** The figure style of the released generator. */
    public static final String RELEASED_FIGURE = "released";

    static final String FILE_NAME = "dataset.json";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    public DatasetDescription {
        require(formatVersion == FORMAT_VERSION, "format_version must be " + FORMAT_VERSION, formatVersion);
        require(RELEASED_FIGURE.equals(figure), "figure must be " + RELEASED_FIGURE, figure);
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

    /** A data set in the released figure style. */
    public static DatasetDescription of(Population population, long seed, int first, int count) {
        return new DatasetDescription(FORMAT_VERSION, RELEASED_FIGURE, population, seed, first, count);
    }

    /** What a directory says of itself; empty when it holds no {@code dataset.json}, as the published sets. */
    public static Optional<DatasetDescription> find(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(Files.readString(file), DatasetDescription.class));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    file + ": must describe a data set of this format, found: " + reason(e), e);
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
        Path file = directory.resolve(FILE_NAME);
        try {
            String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
            DatasetFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** The images, drawn as they are asked for. */
    public GeneratedChirps images() {
        return new GeneratedChirps(population, seed, first - 1, count);
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
        require(population.equals(more.population), place + ": population must be " + more.population, population);
        require(seed == more.seed, place + ": seed must be " + more.seed + " to add images to this data set", seed);
        require(
                more.first <= last() + 1 && first <= more.last() + 1,
                place + ": images must be numbered without a gap; to add are " + more.first + " to " + more.last(),
                first + " to " + last());
        int start = Math.min(first, more.first);
        return of(population, seed, start, Math.max(last(), more.last()) - start + 1);
    }
}

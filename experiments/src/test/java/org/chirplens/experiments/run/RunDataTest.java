package org.chirplens.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.chirplens.chirp.Population;
import org.chirplens.dataset.GeneratedChirps;
import org.chirplens.figure.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDataTest {
    private static final List<String> LABELS = List.of(
            "Chirp_Start_Time,Chirp_Start_Freq,Chirp_End_Freq,Chirp_Duration,Chirp_Type",
            "1.5,20,30,4,linear",
            "7.5,40,50,6,exponential");

    @TempDir
    private Path directory;

    /** The same chirps may be drawn in another way, and images may be replaced. */
    @Test
    void imagesThatLookOtherwiseAreOtherData() throws IOException {
        Files.write(directory.resolve("labels.csv"), LABELS);
        GeneratedChirps chirps = new GeneratedChirps(Population.released(), 1, 0, 3);
        write(1, chirps.image(0));
        write(2, chirps.image(1));
        String first = identity();
        assertThat(identity()).isEqualTo(first);

        write(2, chirps.image(2));
        String replaced = identity();
        assertThat(replaced).isNotEqualTo(first).endsWith("2 images");

        Files.write(directory.resolve("labels.csv"), List.of(LABELS.get(0), LABELS.get(2), LABELS.get(1)));
        assertThat(identity()).isNotEqualTo(replaced);
    }

    /** A description is of the released layout; a file of that name says nothing of how images of one's own look. */
    @Test
    void replacedImagesOfOnesOwnAreOtherDataWhateverLiesBesideThem() throws IOException {
        Files.writeString(directory.resolve("dataset.json"), "{}");
        Files.writeString(directory.resolve("table.csv"), "file,depth\nspectrogram_1.png,1\nspectrogram_2.png,2\n");
        GeneratedChirps chirps = new GeneratedChirps(Population.released(), 1, 0, 3);
        write(1, chirps.image(0));
        write(2, chirps.image(1));
        String first = identityOfImages();

        write(2, chirps.image(2));
        assertThat(identityOfImages()).isNotEqualTo(first);
    }

    @Test
    void otherLabelsOfOneNameAreOtherData() throws IOException {
        Files.writeString(
                directory.resolve("table.csv"), "file,depth,width\nspectrogram_1.png,1,2\nspectrogram_2.png,2,4\n");
        GeneratedChirps chirps = new GeneratedChirps(Population.released(), 1, 0, 2);
        write(1, chirps.image(0));
        write(2, chirps.image(1));
        assertThat(identityOfImages("{column: width, name: depth}")).isNotEqualTo(identityOfImages("{column: depth}"));
    }

    private String identityOfImages() throws IOException {
        return identityOfImages("{column: depth}");
    }

    private String identityOfImages(String target) throws IOException {
        Path config = directory.resolve("data.yaml");
        Files.writeString(config, """
                data:
                  source: images
                  directory: "%s"
                  labels: table.csv
                  fileColumn: file
                  targets:
                    - %s
                """.formatted(directory, target));
        return RunData.Source.ofData(config).identity();
    }

    private void write(int number, RgbImage image) throws IOException {
        Path file = directory.resolve("spectrogram_" + number + ".png");
        assertThat(ImageIO.write(image.toBufferedImage(), "png", file.toFile())).isTrue();
    }

    private String identity() {
        return RunData.Source.ofData(directory).identity();
    }
}

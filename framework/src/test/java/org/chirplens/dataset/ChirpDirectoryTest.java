package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.figure.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChirpDirectoryTest {
    private static final String HEADER = "Chirp_Start_Time,Chirp_Start_Freq,Chirp_End_Freq,Chirp_Duration,Chirp_Type\n";

    @TempDir
    Path directory;

    @Test
    void readsGenuineLabelsAndImages() {
        ChirpDirectory images = ChirpDirectory.open(RecordedArrays.chirps());
        images.verifyHeaders();

        assertThat(images.size()).isEqualTo(6);
        assertThat(images.name(3)).isEqualTo("spectrogram_4.png");
        assertThat(images.chirp(3))
                .isEqualTo(new Chirp(
                        24.254797631457688,
                        7.42526993507584,
                        33.868866359770976,
                        42.596666774555565,
                        ChirpShape.LINEAR));
        RgbImage image = images.image(5);
        assertThat(image.width()).isEqualTo(640);
        assertThat(image.height()).isEqualTo(480);
        assertThat(image.rgb()).startsWith(255, 255, 255);
    }

    @Test
    void decodedPixelsEqualThoseOfImageIo() throws IOException {
        Path file = RecordedArrays.chirps().resolve("spectrogram_2.png");
        BufferedImage expected = ImageIO.read(file.toFile());

        RgbImage image = ChirpDirectory.open(RecordedArrays.chirps()).image(1);

        BufferedImage actual = image.toBufferedImage();
        int[] expectedRgb = expected.getRGB(0, 0, 640, 480, null, 0, 640);
        int[] actualRgb = actual.getRGB(0, 0, 640, 480, null, 0, 640);
        assertThat(Arrays.stream(actualRgb).map(p -> p & 0xffffff).toArray())
                .isEqualTo(Arrays.stream(expectedRgb).map(p -> p & 0xffffff).toArray());
    }

    @Test
    void columnsMayComeInAnyOrderAndQuoted() throws IOException {
        labels(
                "\ufeff\"Chirp_Type\",Chirp_Duration,Chirp_End_Freq,Chirp_Start_Freq,Chirp_Start_Time\r\nexponential,4,3,2e0,1.5\r\n");
        image(1);

        Chirp chirp = ChirpDirectory.open(directory).chirp(0);

        assertThat(chirp).isEqualTo(new Chirp(1.5, 4, 2, 3, ChirpShape.EXPONENTIAL));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nan,2,3,4,linear     | Chirp_Start_Time must be a number of at least 0, found nan
            1,,3,4,linear        | Chirp_Start_Freq must be a number of at least 0, found nothing
            1,-2,3,4,linear      | Chirp_Start_Freq must be a number of at least 0, found -2
            1,2,Infinity,4,linear| Chirp_End_Freq must be a number of at least 0, found Infinity
            1,2,3f,4,linear      | Chirp_End_Freq must be a number of at least 0, found 3f
            1,2,0x1p3,4,linear   | Chirp_End_Freq must be a number of at least 0, found 0x1p3
            1,2,3,0,linear       | Chirp_Duration must be a number above 0, found 0
            1,2,3,4,Linear       | Chirp_Type must be linear or exponential, found Linear
            1,2,3,4              | a row must have 5 values, found 4
            """)
    void aValueThatBreaksItsRuleIsNamedWithFileAndLine(String row, String problem) throws IOException {
        labels(HEADER + "1,2,3,4,linear\n" + row + "\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChirpDirectory.open(directory))
                .withMessage(directory.resolve("labels.csv") + ":3: " + problem);
    }

    @Test
    void textOfAnotherEncodingIsNamed() throws IOException {
        Files.write(
                directory.resolve("labels.csv"), (HEADER + "1,2,3,4,linéar\n").getBytes(StandardCharsets.ISO_8859_1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChirpDirectory.open(directory))
                .withMessage(directory.resolve("labels.csv") + ": must be text in UTF-8, found other bytes");
    }

    @Test
    void manyProblemsAreCountedAfterTheFirstThree() throws IOException {
        labels(HEADER + "x,2,3,4,linear\n".repeat(10));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChirpDirectory.open(directory))
                .withMessageContainingAll("labels.csv:2:", "labels.csv:4:", "and 7 more")
                .withMessageNotContaining("labels.csv:5:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Chirp_Start_Time,Chirp_Start_Freq,Chirp_End_Freq,Chirp_Type",
                "Chirp_Start_Time,Chirp_Start_Freq,Chirp_End_Freq,Chirp_duration,Chirp_Type",
                "Chirp_Start_Time,Chirp_Start_Freq,Chirp_End_Freq,Chirp_Duration,Chirp_Type,Extra"
            })
    void aWrongHeaderIsShownBesideTheRightOne(String header) throws IOException {
        labels(header + "\n1,2,3,4,linear\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChirpDirectory.open(directory))
                .withMessageContainingAll("labels.csv:1: the header must have", "Chirp_Duration,Chirp_Type")
                .withMessageEndingWith("found " + (header.isEmpty() ? "nothing" : header));
    }

    @Test
    void fewerRowsThanImagesAreRefused() throws IOException {
        labels(HEADER + "1,2,3,4,linear\n");
        image(1);
        image(2);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChirpDirectory.open(directory))
                .withMessageContaining("found 1 rows and 2 images, such as spectrogram_2.png");
    }

    @Test
    void rowsWithoutImagesAreRefused() throws IOException {
        labels(HEADER + "1,2,3,4,linear\n".repeat(5));
        image(2);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChirpDirectory.open(directory))
                .withMessageStartingWith(directory.resolve("spectrogram_1.png") + ": the image of row 1 of ")
                .withMessageEndingWith("; and 1 more problems like these");
    }

    @Test
    void aMissingDirectoryAndMissingLabelsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChirpDirectory.open(directory.resolve("no")))
                .withMessageEndingWith("no: the data directory must exist, found no such directory");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChirpDirectory.open(directory))
                .withMessageEndingWith("labels.csv: the label table of a data set must exist, found no such file");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 40, 20_000, 184_700})
    void aCutOffImageIsFoundByItsHeadersAndNamedWhenDecoded(int length) throws IOException {
        labels(HEADER + "1,2,3,4,linear\n".repeat(3));
        IntStream.rangeClosed(1, 3).forEach(this::image);
        Path file = directory.resolve("spectrogram_2.png");
        byte[] whole = Files.readAllBytes(RecordedArrays.chirps().resolve("spectrogram_1.png"));
        Files.write(file, Arrays.copyOf(whole, length));
        ChirpDirectory images = ChirpDirectory.open(directory);

        assertThatIllegalArgumentException()
                .isThrownBy(images::verifyHeaders)
                .withMessageStartingWith(file + ": must be");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> images.image(1))
                .withMessageStartingWith(file + ": must be");
        assertThatCode(() -> images.verifyHeaders(new int[] {0, 2})).doesNotThrowAnyException();
    }

    @Test
    void anImageOfAnotherFormatIsFoundByItsHeader() throws IOException {
        labels(HEADER + "1,2,3,4,linear\n");
        image(1);
        ImageIO.write(
                new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB),
                "jpg",
                directory.resolve("spectrogram_1.png").toFile());

        assertThatIllegalArgumentException()
                .isThrownBy(ChirpDirectory.open(directory)::verifyHeaders)
                .withMessageEndingWith(
                        "spectrogram_1.png: must be a PNG image, found a file without PNG signature and header");
    }

    @Test
    void aFlippedBitInsideAnImageIsNotReadAsPixels() throws IOException {
        labels(HEADER + "1,2,3,4,linear\n");
        byte[] damaged = Files.readAllBytes(RecordedArrays.chirps().resolve("spectrogram_1.png"));
        damaged[90_000] ^= 4;
        Files.write(directory.resolve("spectrogram_1.png"), damaged);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChirpDirectory.open(directory).image(0))
                .withMessageContaining("wrong check sum");
    }

    private void labels(String text) throws IOException {
        Files.writeString(directory.resolve("labels.csv"), text);
    }

    private void image(int number) {
        byte[] png = PngEncoder.encode(new RgbImage(3, 2, new byte[18]));
        try {
            Files.write(directory.resolve("spectrogram_" + number + ".png"), png);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

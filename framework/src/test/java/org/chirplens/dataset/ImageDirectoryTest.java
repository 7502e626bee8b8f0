package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDirectoryTest {
    private static final Target AGE = new Target("age", "age", "years");
    private static final Target SCORE = new Target("score_raw", "score, raw", "");
    private static final ImageLayout BY_COLUMN = new ImageLayout(
            "table.csv",
            "file",
            null,
            List.of(new ImageLayout.Column("score, raw", SCORE), new ImageLayout.Column("age", AGE)));
    private static final ImageLayout BY_NUMBER =
            new ImageLayout("table.csv", null, "scans/{i}.bmp", List.of(new ImageLayout.Column("age", AGE)));

    private final Path directory;

    ImageDirectoryTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeEach
    void images() throws IOException {
        Path images = RecordedArrays.path("/images");
        Files.createDirectories(directory.resolve("scans"));
        Files.copy(images.resolve("grey.png"), directory.resolve("a, b.png"));
        Files.copy(images.resolve("rgb420.jpg"), directory.resolve("scans/two.jpg"));
        Files.copy(images.resolve("palette.bmp"), directory.resolve("scans/1.bmp"));
        Files.copy(images.resolve("rgb.bmp"), directory.resolve("scans/2.bmp"));
    }

    @Test
    void columnsAreFoundByTheirTitlesAndTheRestIsIgnored() throws IOException {
        table("""
                age,site,file,"score, raw"
                31.5, "Ulm, Donau","a, b.png",-2e-3

                40,Rom , scans/two.jpg ,7
                """);

        ImageDirectory images = ImageDirectory.open(directory, BY_COLUMN);
        images.verifyHeaders();

        assertThat(images.size()).isEqualTo(2);
        assertThat(images.targets()).containsExactly(SCORE, AGE);
        assertThat(images.label(0)).containsExactly(-0.002, 31.5);
        assertThat(images.label(1)).containsExactly(7, 40);
        assertThat(images.name(0)).isEqualTo("a, b.png");
        assertThat(images.name(1)).isEqualTo("scans/two.jpg");
        assertThat(images.chirp(0)).isNull();
        assertThat(images.image(1).rgb())
                .isEqualTo(Files.readAllBytes(RecordedArrays.path("/images").resolve("rgb420.jpg.rgb")));
    }

    @Test
    void aPatternNumbersTheImagesByRow() throws IOException {
        table("\ufeff\"age\",x\r\n1,\r\n2,\"several\r\nlines\"\r\n");

        ImageDirectory images = ImageDirectory.open(directory, BY_NUMBER);

        assertThat(images.name(1)).isEqualTo("scans/2.bmp");
        assertThat(images.label(1)).containsExactly(2);
        assertThat(images.image(0).rgb())
                .isEqualTo(Files.readAllBytes(RecordedArrays.path("/images").resolve("palette.bmp.rgb")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            old,1,a.png         | age must be a number, found old
            ,1,a.png            | age must be a number, found nothing
            1,NaN,a.png         | score, raw must be a number, found NaN
            1,2f,a.png          | score, raw must be a number, found 2f
            1,2                 | a row must have 3 values, as the header, found 2
            1,2,a.png,3         | a row must have 3 values, as the header, found 4
            1,2,../x.png        | file must be a file inside the data directory, found ../x.png
            1,2,a/../../x.png   | file must be a file inside the data directory, found a/../../x.png
            1,2,/etc/x.png      | file must be a file inside the data directory, found /etc/x.png
            1,2,                | file must be a file inside the data directory, found nothing
            """)
    void aValueThatBreaksItsRuleIsNamedWithFileLineAndColumn(String row, String problem) throws IOException {
        table("age,\"score, raw\",file\n1,2,\"a, b.png\"\n" + row + "\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageDirectory.open(directory, BY_COLUMN))
                .withMessage(directory.resolve("table.csv") + ":3: " + problem);
    }

    @Test
    void aLineIsCountedAsAnEditorDoes() throws IOException {
        table("age,\"score, raw\",file,note\n1,2,\"a, b.png\",\"two\nlines\"\n\n1,x,scans/two.jpg,\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageDirectory.open(directory, BY_COLUMN))
                .withMessage(directory.resolve("table.csv") + ":5: score, raw must be a number, found x");
    }

    @Test
    void missingImagesAreListed() throws IOException {
        table("age,\"score, raw\",file\n" + "1,2,no.png\n".repeat(5));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageDirectory.open(directory, BY_COLUMN))
                .withMessageStartingWith(
                        directory.resolve("table.csv") + ":2: the image no.png must exist, found no such file; ")
                .withMessageEndingWith("; and 2 more problems like these");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            age,file              | 1: the header must have the column 'score, raw' once, found age, file
            age,"score, raw",age,file | 1: the header must have the column 'age' once, found 2 of it
            age,score,file        | 1: the header must have the column 'score, raw' once, found age, score, file
            """)
    void aHeaderWithoutTheColumnsIsShown(String header, String problem) throws IOException {
        table(header + "\n1,2,3,4\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageDirectory.open(directory, BY_COLUMN))
                .withMessage(directory.resolve("table.csv") + ":" + problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "age,\"score, raw\",file\n", "age,\"score, raw\",file\n1,2,\"a, b.png\n"})
    void anEmptyOrBrokenTableIsRefused(String text) throws IOException {
        table(text);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageDirectory.open(directory, BY_COLUMN))
                .withMessageStartingWith(directory.resolve("table.csv").toString())
                .withMessageContaining("the label table must ");
    }

    @Test
    void aTableThatIsNoUtf8IsRefused() throws IOException {
        Files.write(directory.resolve("table.csv"), "age,file\n1,ä.png\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageDirectory.open(directory, BY_COLUMN))
                .withMessageEndingWith("table.csv: the label table must be text in UTF-8, found other bytes");
    }

    @Test
    void aFileThatIsNoImageIsFoundBeforeLongWork() throws IOException {
        Files.writeString(directory.resolve("scans/2.bmp"), "no image");
        table("age\n1\n2\n");
        ImageDirectory images = ImageDirectory.open(directory, BY_NUMBER);

        assertThatIllegalArgumentException()
                .isThrownBy(images::verifyHeaders)
                .withMessageStartingWith(directory.resolve("scans/2.bmp") + ": must be a PNG, JPEG, ");
    }

    @Test
    void aLayoutNamesItsImagesInOneWay() {
        List<ImageLayout.Column> columns = List.of(new ImageLayout.Column("age", AGE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ImageLayout("table.csv", null, null, columns))
                .withMessageEndingWith("found neither");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ImageLayout("table.csv", null, "{n}.png", columns))
                .withMessageEndingWith("found '{n}.png'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ImageLayout("table.csv", "file", null, List.of()))
                .withMessageContaining("at least one target");
    }

    private void table(String text) throws IOException {
        Files.writeString(directory.resolve("table.csv"), text);
    }
}

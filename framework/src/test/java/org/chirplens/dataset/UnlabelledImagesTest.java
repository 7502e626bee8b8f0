package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnlabelledImagesTest {
    private final Path folder;

    UnlabelledImagesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private Path image(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        assertThat(ImageIO.write(new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB), "png", file.toFile()))
                .isTrue();
        return file;
    }

    private static List<String> names(UnlabelledImages images) {
        return IntStream.range(0, images.size()).mapToObj(images::name).toList();
    }

    @Test
    void aFolderStandsForItsImagesInTheOrderOfTheirNumbers() throws IOException {
        for (String name : List.of("x_10.png", "x_9.png", "x_2.PNG", "y.jpg", "x_1.png", "sub/x_3.png", ".x_4.png")) {
            image(name);
        }
        Files.writeString(folder.resolve("labels.csv"), "no labels");

        UnlabelledImages images = UnlabelledImages.of(List.of(folder.resolve("y.jpg"), folder));

        assertThat(names(images))
                .extracting(name -> folder.relativize(Path.of(name)).toString())
                .containsExactly("y.jpg", "x_1.png", "x_2.PNG", "x_9.png", "x_10.png", "y.jpg");
        assertThat(images.image(3).width()).isEqualTo(3);
        assertThat(images.targets()).isEmpty();
        assertThat(images.label(0)).isEmpty();
    }

    @Test
    void whatIsNoImageIsRefusedByNameBeforeAnyIsRead() throws IOException {
        Path good = image("a.png");
        Path bad = Files.writeString(folder.resolve("b.png"), "text");
        Path none = folder.resolve("c.png");

        assertThatThrownBy(() -> UnlabelledImages.of(List.of(good, bad, none)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(bad + ": must be", none + ": must exist, found no such file")
                .hasMessageNotContaining("a.png");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> UnlabelledImages.of(List.of(empty)))
                .hasMessageStartingWith(empty + ": a folder of images must hold files named .png,");
    }

    @Test
    void digitsInNamesAreNumbersOfAnyLength() {
        List<String> ordered = List.of(
                "a",
                "a0",
                "a00",
                "a1",
                "a01",
                "a2b1",
                "a2b11",
                "a10",
                "a99999999999999999998",
                "a99999999999999999999",
                "b");
        List<String> shuffled = new ArrayList<>(ordered);
        Collections.shuffle(shuffled, new Random(8));
        shuffled.sort(new NaturalOrder());
        // Equal numbers stand in the order of their texts: a00 after a0, and a01 before a1.
        assertThat(shuffled)
                .containsExactly(
                        "a",
                        "a0",
                        "a00",
                        "a01",
                        "a1",
                        "a2b1",
                        "a2b11",
                        "a10",
                        "a99999999999999999998",
                        "a99999999999999999999",
                        "b");
    }
}

package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.chirplens.chirp.Chirp;
import org.chirplens.figure.Caption;
import org.chirplens.figure.ChirpFigure;
import org.junit.jupiter.api.Test;

/** Genuine images of the released generator, drawn again from nothing but its seed. */
class GenuineFiguresTest {
    private static final int SEED = 20250324;

    @Test
    void labelsOfTheSeedAreThoseOfTheGenuineImages() throws URISyntaxException {
        List<Chirp> labels = LabelTable.read(genuine().resolve(LabelTable.FILE_NAME));
        List<ReleasedGenerator.Drawn> drawn = ReleasedGenerator.images(SEED, labels.size());
        assertThat(drawn).extracting(ReleasedGenerator.Drawn::chirp).isEqualTo(labels);
    }

    /** Apart from a few pixels an image whose value lies on the border of two colours but for rounding. */
    @Test
    void imagesOfTheSeedAreTheGenuineOnesPixelByPixel() throws URISyntaxException {
        int count = LabelTable.read(genuine().resolve(LabelTable.FILE_NAME)).size();
        List<ReleasedGenerator.Drawn> images = ReleasedGenerator.images(SEED, count);
        for (int i = 0; i < count; i++) {
            ReleasedGenerator.Drawn image = images.get(i);
            byte[] expected = PngFile.read(genuine().resolve(DatasetFiles.imageName(i + 1)))
                    .rgb();
            byte[] actual = ChirpFigure.released()
                    .draw(image.spectrogram(), new Caption(i + 1, image.chirp().shape(), 0))
                    .rgb();
            int different = 0;
            for (int at = 0; at < expected.length; at++) {
                int difference = Math.abs((expected[at] & 0xff) - (actual[at] & 0xff));
                assertThat(difference).as("image %d, byte %d", i + 1, at).isLessThanOrEqualTo(3);
                different += difference > 0 ? 1 : 0;
            }
            assertThat(different).as("channels of image %d", i + 1).isLessThan(30);
        }
    }

    private static Path genuine() throws URISyntaxException {
        URL directory = Objects.requireNonNull(GenuineFiguresTest.class.getResource("/chirps"));
        return Path.of(directory.toURI());
    }
}

package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.figure.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptImagesTest {
    private static final int COUNT = 12;
    private static final int SIZE = 8;
    private static final long IMAGE_BYTES = 3 * SIZE * SIZE;

    /** Noise that is a function of the index; counts how often each image is asked for. */
    private static final class Noise implements ImageSet {
        private final AtomicIntegerArray asked = new AtomicIntegerArray(COUNT);

        @Override
        public int size() {
            return COUNT;
        }

        @Override
        public String name(int index) {
            return "noise " + index;
        }

        @Override
        public RgbImage image(int index) {
            asked.incrementAndGet(index);
            byte[] rgb = new byte[3 * 20 * 30];
            new Random(index).nextBytes(rgb);
            return new RgbImage(20, 30, rgb);
        }

        @Override
        public Chirp chirp(int index) {
            return new Chirp(index, 1, index, 2 * index, ChirpShape.LINEAR);
        }
    }

    private final Noise noise = new Noise();
    private final Path file;

    KeptImagesTest(@TempDir Path directory) {
        file = directory.resolve("run/kept.tmp");
    }

    private KeptImages keep(long bytes, int... again) {
        return new KeptImages(noise, Preprocessing.TRAINING, SIZE, again, bytes, file);
    }

    @Test
    void imagesAreTheResizedOnesHoweverOftenTheyAreRead() {
        try (KeptImages kept = keep(1 << 20, IntStream.range(0, COUNT).toArray())) {
            for (int pass = 0; pass < 3; pass++) {
                for (int i = 0; i < COUNT; i++) {
                    RgbImage expected = Resample.resize(new Noise().image(i), SIZE, SIZE, Resample.Filter.BICUBIC);
                    assertThat(kept.image(i).rgb()).isEqualTo(expected.rgb());
                    assertThat(noise.asked.get(i)).isEqualTo(1);
                }
            }
            assertThat(kept.label(3)).isEqualTo(noise.label(3));
            assertThat(kept.name(3)).isEqualTo("noise 3");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void onlyTheFirstOnesAreKeptWhereRoomIsShort() {
        try (KeptImages kept = keep(2 * IMAGE_BYTES + 1, 7, 2, 5)) {
            for (int pass = 0; pass < 2; pass++) {
                IntStream.of(2, 5, 7, 9).forEach(kept::image);
            }
            assertThat(file).hasSize(2 * IMAGE_BYTES);
        }
        assertThat(IntStream.of(2, 5, 7, 9).map(noise.asked::get)).containsExactly(1, 2, 1, 2);
    }

    @Test
    void nothingIsKeptWithoutRoom() {
        try (KeptImages kept = keep(0, 1)) {
            assertThat(kept.image(1).rgb()).isEqualTo(kept.image(1).rgb());
        }
        assertThat(noise.asked.get(1)).isEqualTo(2);
    }

    @Test
    void readersOnSeveralThreadsGetWhatOneGets() {
        int[] order = new Random(1).ints(600, 0, COUNT).toArray();
        int[] all = IntStream.range(0, COUNT).toArray();
        try (KeptImages kept = keep(1 << 20, all);
                BatchReader several = new BatchReader(kept, order, 25, Preprocessing.TRAINING, SIZE, 4);
                BatchReader plain = new BatchReader(new Noise(), order, 25, Preprocessing.TRAINING, SIZE, 1)) {
            while (plain.hasNext()) {
                assertThat(several.next().pixels()).isEqualTo(plain.next().pixels());
            }
        }
    }

    /** Closing a reader interrupts its threads, which must not harm those who read afterwards. */
    @Test
    void aReaderThatIsClosedEarlyDoesNoHarm() {
        int[] order = new Random(2).ints(400, 0, COUNT).toArray();
        try (KeptImages kept = keep(1 << 20, IntStream.range(0, COUNT).toArray())) {
            for (int round = 0; round < 20; round++) {
                try (BatchReader reader = new BatchReader(kept, order, 50, Preprocessing.TRAINING, SIZE, 3)) {
                    reader.next();
                }
                assertThat(kept.image(round % COUNT).rgb()).hasSize((int) IMAGE_BYTES);
            }
        }
    }

    @Test
    void anImageThatIsNotThereIsRefusedAsByTheSetItself() {
        try (KeptImages kept = keep(1 << 20, 1)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new BatchReader(kept, new int[] {COUNT}, 1, Preprocessing.TRAINING, SIZE, 1))
                    .withMessageContaining("found " + COUNT);
        }
    }
}

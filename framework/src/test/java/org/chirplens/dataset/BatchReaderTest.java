package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.figure.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class BatchReaderTest {
    private static final int SIZE = 2;

    /** Flat images whose red value is their index; counts what is read and fails at one index. */
    private static final class NumberedImages implements ImageSet {
        private final AtomicInteger read = new AtomicInteger();
        private final int broken;

        NumberedImages(int broken) {
            this.broken = broken;
        }

        @Override
        public int size() {
            return 100;
        }

        @Override
        public String name(int index) {
            return "image " + index;
        }

        @Override
        public RgbImage image(int index) {
            read.incrementAndGet();
            if (index == broken) {
                throw new IllegalArgumentException(name(index) + " is broken");
            }
            byte[] rgb = new byte[3 * 4 * 4];
            Arrays.fill(rgb, (byte) index);
            return new RgbImage(4, 4, rgb);
        }

        @Override
        public Chirp chirp(int index) {
            return new Chirp(index, 1, index, index, ChirpShape.LINEAR);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void batchesComeInTheGivenOrderAndTheLastMayBeSmaller(int threads) {
        int[] order = {99, 5, 5, 17, 0, 42, 63};
        NumberedImages images = new NumberedImages(-1);

        try (BatchReader reader = new BatchReader(images, order, 3, Preprocessing.ATTENTION, SIZE, threads)) {
            for (int from = 0; from < order.length; from += 3) {
                int[] expected = Arrays.copyOfRange(order, from, Math.min(from + 3, order.length));
                Batch batch = reader.next();
                assertThat(batch.indices()).isEqualTo(expected);
                assertThat(batch.pixels()).hasSize(expected.length * Preprocessing.length(SIZE));
                for (int i = 0; i < batch.pixels().length; i++) {
                    int index = expected[i / Preprocessing.length(SIZE)];
                    assertThat(batch.pixels()[i]).isEqualTo(index / 255f);
                }
            }
            assertThat(reader.hasNext()).isFalse();
            assertThatThrownBy(reader::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void genuineImagesGiveTheSameBatchesFromOneAndFromFourThreads() {
        assertThat(pixelsOfGenuineImages(4)).isEqualTo(pixelsOfGenuineImages(1));
    }

    private static float[][] pixelsOfGenuineImages(int threads) {
        ImageSet images = ChirpDirectory.open(RecordedArrays.chirps());
        int[] order = {5, 1, 3, 0, 4};
        float[][] pixels = new float[3][];
        try (BatchReader reader = new BatchReader(images, order, 2, Preprocessing.TRAINING, 32, threads)) {
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = reader.next().pixels();
            }
        }
        return pixels;
    }

    @Test
    void whatAnImageThrowsIsThrownWithItsBatchAndNotBefore() {
        int[] order = IntStream.range(0, 20).toArray();

        try (BatchReader reader = new BatchReader(new NumberedImages(9), order, 4, Preprocessing.TRAINING, SIZE, 2)) {
            assertThat(reader.next().indices()).containsExactly(0, 1, 2, 3);
            assertThat(reader.next().indices()).containsExactly(4, 5, 6, 7);
            assertThatIllegalArgumentException().isThrownBy(reader::next).withMessage("image 9 is broken");
        }
    }

    @Test
    void readsAtMostAFewBatchesAhead() throws InterruptedException {
        NumberedImages images = new NumberedImages(-1);
        int[] order = IntStream.range(0, 100).toArray();

        try (BatchReader reader = new BatchReader(images, order, 5, Preprocessing.TRAINING, SIZE, 4)) {
            reader.next();
            Thread.sleep(100);
            assertThat(images.read.get()).isBetween(5, 20);
        }
    }

    @Test
    void closingEarlyStopsAllThreads() throws InterruptedException {
        NumberedImages images = new NumberedImages(-1);
        BatchReader reader =
                new BatchReader(images, IntStream.range(0, 100).toArray(), 30, Preprocessing.TRAINING, SIZE, 3);
        reader.close();
        reader.close();
        int read = images.read.get();

        assertThatIllegalStateException().isThrownBy(reader::next);
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("batch-reader")) {
                thread.join(5_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
        assertThat(images.read.get()).isEqualTo(read);
    }

    @Test
    void anIndexOutsideTheDataSetIsRefusedAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new BatchReader(new NumberedImages(-1), new int[] {3, 100}, 2, Preprocessing.TRAINING, SIZE, 1))
                .withMessage("an image index must be in [0, 99], found 100");
    }
}

package org.chirplens.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomStreamsTest {
    private static final int[] IMAGES = IntStream.range(100, 110).toArray();

    @Test
    void anEpochOfAllImagesHoldsEachOnce() {
        for (int epoch = 0; epoch < 3; epoch++) {
            assertThat(RandomStreams.epoch(IMAGES, 42, epoch, 10)).containsExactlyInAnyOrder(IMAGES);
        }
    }

    @Test
    void epochsAndSeedsDiffer() {
        int[] first = RandomStreams.epoch(IMAGES, 42, 0, 10);
        assertThat(RandomStreams.epoch(IMAGES, 42, 0, 10)).containsExactly(first);
        assertThat(RandomStreams.epoch(IMAGES, 42, 1, 10)).isNotEqualTo(first);
        assertThat(RandomStreams.epoch(IMAGES, 43, 0, 10)).isNotEqualTo(first);
    }

    @Test
    void shortEpochsAreSlicesOfTheSamePasses() {
        int[] stream = IntStream.range(0, 5)
                .flatMap(epoch -> Arrays.stream(RandomStreams.epoch(IMAGES, 42, epoch, 4)))
                .toArray();
        assertThat(Arrays.copyOf(stream, 10)).containsExactly(RandomStreams.epoch(IMAGES, 42, 0, 10));
        assertThat(Arrays.copyOfRange(stream, 10, 20)).containsExactly(RandomStreams.epoch(IMAGES, 42, 1, 10));
    }

    @Test
    void anEpochMayBeLongerThanAPass() {
        int[] epoch = RandomStreams.epoch(IMAGES, 42, 0, 25);
        assertThat(Arrays.copyOf(epoch, 10)).containsExactlyInAnyOrder(IMAGES);
        assertThat(Arrays.copyOfRange(epoch, 10, 20)).containsExactlyInAnyOrder(IMAGES);
        assertThat(Arrays.copyOfRange(epoch, 20, 25)).doesNotHaveDuplicates();
    }
}

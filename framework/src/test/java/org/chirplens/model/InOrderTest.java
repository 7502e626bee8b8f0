package org.chirplens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InOrderTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void resultsComeInTheOrderOfTheItems(int atOnce) {
        List<String> results = new ArrayList<>();
        InOrder.run(
                atOnce,
                IntStream.range(0, 40).iterator(),
                item -> {
                    pause(item % 3);
                    return 2 * item;
                },
                (item, result) -> results.add(item + " " + result));
        assertThat(results)
                .containsExactlyElementsOf(IntStream.range(0, 40)
                        .mapToObj(item -> item + " " + 2 * item)
                        .toList());
    }

    /** Three meet at a barrier, which none would pass alone. */
    @Test
    void asManyAsAskedForAreWorkedOnAtOnce() {
        CyclicBarrier three = new CyclicBarrier(3);
        AtomicInteger most = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();
        InOrder.run(
                3,
                IntStream.range(0, 9).iterator(),
                item -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    meet(three);
                    now.decrementAndGet();
                    return item;
                },
                (item, result) -> {});
        assertThat(most).hasValue(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theFirstFailureEndsTheWork(int atOnce) {
        List<Integer> results = new ArrayList<>();
        AtomicInteger atWork = new AtomicInteger();
        assertThatThrownBy(() -> InOrder.run(
                        atOnce,
                        IntStream.range(0, 100).iterator(),
                        item -> {
                            atWork.incrementAndGet();
                            try {
                                return failAt7(item);
                            } finally {
                                atWork.decrementAndGet();
                            }
                        },
                        (item, result) -> results.add(result)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("item 7");
        assertThat(results).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(atWork).hasValue(0);
    }

    private static int failAt7(int item) {
        if (item == 7) {
            throw new IllegalArgumentException("item 7");
        }
        pause(1);
        return item;
    }

    private static void pause(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException("the others did not come", e);
        }
    }
}

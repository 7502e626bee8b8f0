package org.chirplens.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.chirplens.model.HeadId;
import org.junit.jupiter.api.Test;

class CumulativeAblationTest {
    /** A power of two: there the first number that java.util.Random draws is nearly the same for consecutive seeds. */
    @Test
    void randomOrdersAreOrdersOfTheirOwn() {
        List<HeadId> heads =
                IntStream.range(0, 16).mapToObj(i -> new HeadId(i / 4, i % 4)).toList();
        List<List<HeadId>> orders = random(heads, 42);
        assertThat(orders).hasSize(40).doesNotHaveDuplicates().allSatisfy(order -> assertThat(order)
                .containsExactlyInAnyOrderElementsOf(heads));
        // 16 (15/16)^40 = 1.2 heads are expected to be missing among the last ones of 40 orders.
        assertThat(orders.stream().map(order -> order.get(15)).distinct().count())
                .isGreaterThanOrEqualTo(11);
        assertThat(random(heads, 43)).doesNotContainAnyElementsOf(orders);
        assertThat(random(heads, 42)).isEqualTo(orders);
    }

    private static List<List<HeadId>> random(List<HeadId> heads, long seed) {
        return CumulativeAblation.orders(heads, new double[heads.size()], 40, seed).stream()
                .skip(2)
                .map(CumulativeAblation.Curve::heads)
                .toList();
    }
}

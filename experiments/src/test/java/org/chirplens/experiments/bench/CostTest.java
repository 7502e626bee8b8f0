package org.chirplens.experiments.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CostTest {
    @Test
    void theMedianIsThatOfTheTimeThatIsAskedFor() {
        Cost busy = new Cost(2, 9, 1);
        Cost middling = new Cost(2, 5, 3);
        Cost slow = new Cost(2, 1, 2);
        assertThat(Cost.median(List.of(busy, middling, slow))).isEqualTo(middling);
        assertThat(Cost.median(List.of(busy, middling, slow), Cost::wallMillis)).isEqualTo(slow);
    }
}

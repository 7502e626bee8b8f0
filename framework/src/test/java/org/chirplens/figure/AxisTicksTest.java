package org.chirplens.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AxisTicksTest {
    @Test
    void ticksOfTheRecordedFigureAreThoseOfMatplotlib() {
        AxisTicks ticks = AxisTicks.of(-0.1235446584997521, 0.20467914837323511, 9);
        assertThat(ticks.labels())
                .isEqualTo(List.of("\u22120.10", "\u22120.05", "0.00", "0.05", "0.10", "0.15", "0.20"));
        double expected = -0.1;
        for (double position : ticks.positions()) {
            assertThat(position).isCloseTo(expected, within(1e-12));
            expected += 0.05;
        }
    }

    /** The labels that genuine images of the released generator show. */
    @Test
    void widerRangesGetCoarserStepsAndFewerDecimals() {
        assertThat(AxisTicks.of(-0.255, 0.685, 9).labels()).isEqualTo(List.of("\u22120.2", "0.0", "0.2", "0.4", "0.6"));
        assertThat(AxisTicks.of(0, 1, 9).labels()).isEqualTo(List.of("0.0", "0.2", "0.4", "0.6", "0.8", "1.0"));
        assertThat(AxisTicks.of(0, 100, 9).labels()).isEqualTo(List.of("0", "20", "40", "60", "80", "100"));
        assertThat(AxisTicks.of(-0.1, 0.1, 9).labels()).hasSize(9).contains("\u22120.025", "0.000", "0.075");
    }

    @Test
    void allTicksLieInsideTheRangeAndThereAreTwoToTen() {
        for (double max = 0.013; max < 40; max *= 1.13) {
            double min = -0.4 * max;
            AxisTicks ticks = AxisTicks.of(min, max, 9);
            assertThat(ticks.positions()).hasSizeBetween(2, 10).isSorted();
            for (double position : ticks.positions()) {
                assertThat(position).isBetween(min - 1e-9, max + 1e-9);
            }
            assertThat(ticks.labels()).doesNotHaveDuplicates();
        }
    }
}

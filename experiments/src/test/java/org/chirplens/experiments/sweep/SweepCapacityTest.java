package org.chirplens.experiments.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.chirplens.model.Devices;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.Test;

class SweepCapacityTest {
    private static final long GB = 1L << 30;

    @Test
    void aVitBaseTakesGigabytesAndMoreWithLargerBatches() {
        VitConfig vit = new VitConfig(224, 16, 768, 12, 12, 3072, VitConfig.DEFAULT_LAYER_NORM_EPS);
        ModelConfig model = new ModelConfig(vit, LoraConfig.onQueryAndValue(vit, 8, 16, 0), 3);
        SweepCapacity small = SweepCapacity.of(model, 8);
        SweepCapacity large = SweepCapacity.of(model, 32);
        // 86.3 million numbers of 4 bytes, five copies and 64 MB.
        assertThat(small.heapBytes()).isBetween(1_700_000_000L, 1_900_000_000L);
        assertThat(large.heapBytes()).isEqualTo(small.heapBytes());
        assertThat(large.nativeBytes() - small.nativeBytes()).isBetween(3 * GB, 9 * GB);
    }

    @Test
    void theScarcerOfHeapAndMemoryDecidesAndOneTrialAlwaysRuns() {
        SweepCapacity trial = new SweepCapacity(GB, 2 * GB);
        List<Devices.Device> devices = List.of(
                new Devices.Device("CPU:0", GB),
                new Devices.Device("GPU:0", 9 * GB),
                new Devices.Device("GPU:1", 7 * GB));
        assertThat(trial.trialsOn(devices)).isEqualTo(3);
        assertThat(trial.trials(4 * GB, 16 * GB)).isEqualTo(4);
        assertThat(trial.trials(40 * GB, 16 * GB)).isEqualTo(8);
        assertThat(trial.trials(GB / 2, GB)).isEqualTo(1);
    }
}

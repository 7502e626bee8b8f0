package org.chirplens.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Choices of {@link LoraTarget}s for tests. */
public final class LoraChoices {
    private LoraChoices() {}

    /** Each alone, the released pair, and all: where a test builds graphs. */
    public static Stream<List<LoraTarget>> few() {
        List<List<LoraTarget>> choices = new ArrayList<>();
        for (LoraTarget target : LoraTarget.values()) {
            choices.add(List.of(target));
        }
        choices.add(LoraConfig.RELEASED_TARGETS);
        choices.add(List.of(LoraTarget.values()));
        return choices.stream();
    }

    /** All 63 that are not empty. */
    public static Stream<List<LoraTarget>> all() {
        int targets = LoraTarget.values().length;
        return IntStream.range(1, 1 << targets).mapToObj(bits -> Arrays.stream(LoraTarget.values())
                .filter(target -> (bits >> target.ordinal() & 1) == 1)
                .toList());
    }

    /** A model with equal adapters, scaling 2, on the targets. */
    public static ModelConfig model(VitConfig vit, List<LoraTarget> targets, int rank, double dropout) {
        LoraConfig.Adapter adapter = new LoraConfig.Adapter(rank, 2.0 * rank, false);
        return ModelConfig.fineTuned(vit, LoraConfig.on(vit, targets, adapter, dropout));
    }
}

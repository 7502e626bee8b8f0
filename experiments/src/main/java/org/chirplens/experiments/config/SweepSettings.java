package org.chirplens.experiments.config;

import java.util.EnumSet;
import java.util.List;

/** What a sweep does with its trials; the grid, which makes them, is read apart as its keys are settings of a run. */
public record SweepSettings(
        @Setting(
                value =
                        "What is done of each trial; run in this order whatever the order here. finetune must be among them,"
                                + " as the others need its model.",
                byDefault = "[finetune, evaluate, ablate]")
        List<Stage> stages,

        @Setting(
                value =
                        "Trials at once, at most; fewer where memory would not hold them. 0: one for every two cores, one on"
                                + " a GPU. Changes no result.",
                byDefault = "1",
                min = 0)
        int parallel) {
    /** The stages that a trial may have, in the order in which they are run. */
    public enum Stage {
        /** Training and the best model. */
        FINETUNE,
        /** Metrics on the test images. */
        EVALUATE,
        /** Attention maps. */
        ATTENTION,
        /** Ablation of every head. */
        ABLATE,
        /** SavedModel. */
        EXPORT,
        /** The trial's own report, with sample images. */
        REPORT
    }

    public SweepSettings {
        stages = stages.isEmpty() ? List.of() : List.copyOf(EnumSet.copyOf(stages));
    }
}

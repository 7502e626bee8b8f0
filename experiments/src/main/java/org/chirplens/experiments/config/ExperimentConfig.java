package org.chirplens.experiments.config;

import org.jspecify.annotations.Nullable;

/**
 * Everything that a config file decides. A file states only what differs from the defaults.
 *
 * @param name the run's name and its directory under {@code runs/}; null stands for the config file's name
 */
public record ExperimentConfig(
        @Setting(
                value = "Name of the run and of its directory under runs/. Default: the config file's name.",
                optional = true)
        @Nullable
        String name,

        @Setting(value = "Seed of the initial weights, the order of images, dropout and resampling.", byDefault = "42")
        long seed,

        @Setting(value = "The images: where they come from and how they are split.", byDefault = "generated")
        DataSettings data,

        @Setting("The vision transformer and its adapters.") ModelSettings model,
        @Setting("How the model is fine-tuned.") TrainingSettings training,

        @Setting("Attention maps, head atlas, head ablation and attribution.")
        AnalysisSettings analysis,

        @Setting("How the machine is used; changes no result beyond the last bits.")
        RuntimeSettings runtime) {}

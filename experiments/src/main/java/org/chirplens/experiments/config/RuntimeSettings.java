package org.chirplens.experiments.config;

/** How the machine is used. */
public record RuntimeSettings(
        @Setting(value = "Threads of TensorFlow and of image reading; 0: one per core.", byDefault = "0", min = 0)
        int threads,

        @Setting(
                value =
                        "Gigabytes of disk in the run directory for prepared images while a model is trained, so that images"
                                + " that are needed again are neither drawn nor decoded again; 0 keeps none. Changes no result.",
                byDefault = "4",
                min = 0)
        double keptImagesGb) {}

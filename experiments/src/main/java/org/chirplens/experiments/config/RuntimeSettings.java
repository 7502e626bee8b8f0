package org.chirplens.experiments.config;

/** How the machine is used. */
public record RuntimeSettings(
        @Setting(value = "Threads of TensorFlow and of image reading; 0: one per core.", byDefault = "0", min = 0)
        int threads) {}

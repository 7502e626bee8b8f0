package org.chirplens.experiments.run;

import org.chirplens.experiments.cli.Console;
import org.chirplens.experiments.config.ExperimentConfig;
import org.chirplens.experiments.config.LoadedConfig;
import org.chirplens.model.SessionOptions;

/**
 * What every stage of a run works with.
 *
 * @param loaded the config
 * @param directory what the run writes to
 * @param data the images
 * @param session device and threads
 * @param readers threads that read or draw images
 * @param console for progress
 */
public record RunContext(
        LoadedConfig loaded,
        RunDirectory directory,
        RunData data,
        SessionOptions session,
        int readers,
        Console console) {
    ExperimentConfig config() {
        return loaded.config();
    }

    RunFiles files() {
        return directory.files();
    }
}

package org.chirplens.experiments.run;

/**
 * A part of a run that is done as a whole or again.
 *
 * @param key its name in the manifest
 * @param title what it does, for the progress line
 * @param work what it does
 */
public record Stage(String key, String title, Work work) {
    /** What a stage does. */
    @FunctionalInterface
    public interface Work {
        void run(RunContext context);
    }
}

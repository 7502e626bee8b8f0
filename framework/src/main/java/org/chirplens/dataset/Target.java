package org.chirplens.dataset;

import org.chirplens.chirp.Chirp;

/** What the regression head predicts, in the order of its three outputs. */
public enum Target {
    START_TIME("start_time", "start time", "s"),
    START_FREQUENCY("start_frequency", "start frequency", "Hz"),
    END_FREQUENCY("end_frequency", "end frequency", "Hz");

    /** The number of targets, the width of the regression head's output. */
    public static final int COUNT = values().length;

    private final String key;
    private final String title;
    private final String unit;

    Target(String key, String title, String unit) {
        this.key = key;
        this.title = title;
        this.unit = unit;
    }

    /** The name in files and JSON: {@code start_time}. */
    public String key() {
        return key;
    }

    /** The name for people: {@code start time}. */
    public String title() {
        return title;
    }

    /** The physical unit: {@code s} or {@code Hz}. */
    public String unit() {
        return unit;
    }

    /** This target's value for a chirp, in its {@link #unit()}. */
    public double of(Chirp chirp) {
        return switch (this) {
            case START_TIME -> chirp.startTimeSeconds();
            case START_FREQUENCY -> chirp.startFrequencyHz();
            case END_FREQUENCY -> chirp.endFrequencyHz();
        };
    }

    /** All targets of a chirp, in output order. */
    public static double[] allOf(Chirp chirp) {
        double[] all = new double[COUNT];
        for (Target target : values()) {
            all[target.ordinal()] = target.of(chirp);
        }
        return all;
    }
}

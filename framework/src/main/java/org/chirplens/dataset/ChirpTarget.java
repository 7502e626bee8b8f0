package org.chirplens.dataset;

import java.util.List;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpShape;

/** The numbers of a chirp that a model can be asked for. The first three are those of the released script. */
public enum ChirpTarget {
    START_TIME,
    START_FREQUENCY,
    END_FREQUENCY,
    DURATION,
    END_TIME,
    /** End minus start frequency: what a model that only finds the chirp cannot know. */
    FREQUENCY_CHANGE,
    MIDDLE_FREQUENCY,
    /** 1 for an exponential chirp, 0 for a linear one. */
    EXPONENTIAL;

    /** Those of {@link Target#RELEASED}. */
    public static final List<ChirpTarget> RELEASED = List.of(START_TIME, START_FREQUENCY, END_FREQUENCY);

    /** Its name and unit. */
    public Target target() {
        return switch (this) {
            case START_TIME -> Target.START_TIME;
            case START_FREQUENCY -> Target.START_FREQUENCY;
            case END_FREQUENCY -> Target.END_FREQUENCY;
            case DURATION -> new Target("duration", "duration", "s");
            case END_TIME -> new Target("end_time", "end time", "s");
            case FREQUENCY_CHANGE -> new Target("frequency_change", "frequency change", "Hz");
            case MIDDLE_FREQUENCY -> new Target("middle_frequency", "middle frequency", "Hz");
            case EXPONENTIAL -> new Target("exponential", "exponential shape", "");
        };
    }

    /** Its value, in the unit of {@link #target()}. */
    public double of(Chirp chirp) {
        return switch (this) {
            case START_TIME -> chirp.startTimeSeconds();
            case START_FREQUENCY -> chirp.startFrequencyHz();
            case END_FREQUENCY -> chirp.endFrequencyHz();
            case DURATION -> chirp.durationSeconds();
            case END_TIME -> chirp.startTimeSeconds() + chirp.durationSeconds();
            case FREQUENCY_CHANGE -> chirp.endFrequencyHz() - chirp.startFrequencyHz();
            case MIDDLE_FREQUENCY -> (chirp.startFrequencyHz() + chirp.endFrequencyHz()) / 2;
            case EXPONENTIAL -> chirp.shape() == ChirpShape.EXPONENTIAL ? 1 : 0;
        };
    }

    /** The values of some targets, in their order. */
    static double[] of(Chirp chirp, List<ChirpTarget> targets) {
        return targets.stream().mapToDouble(target -> target.of(chirp)).toArray();
    }
}

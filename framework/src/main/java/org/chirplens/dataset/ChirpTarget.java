package org.chirplens.dataset;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpShape;

/** The numbers of a chirp that a model can be asked for. The first three are those of the released script. */
public enum ChirpTarget {
    START_TIME(Target.START_TIME, Chirp::startTimeSeconds),
    START_FREQUENCY(Target.START_FREQUENCY, Chirp::startFrequencyHz),
    END_FREQUENCY(Target.END_FREQUENCY, Chirp::endFrequencyHz),
    DURATION(new Target("duration", "duration", "s"), Chirp::durationSeconds),
    END_TIME(new Target("end_time", "end time", "s"), chirp -> chirp.startTimeSeconds() + chirp.durationSeconds()),
    /** End minus start frequency: what a model that only finds the chirp cannot know. */
    FREQUENCY_CHANGE(
            new Target("frequency_change", "frequency change", "Hz"),
            chirp -> chirp.endFrequencyHz() - chirp.startFrequencyHz()),
    MIDDLE_FREQUENCY(
            new Target("middle_frequency", "middle frequency", "Hz"),
            chirp -> (chirp.startFrequencyHz() + chirp.endFrequencyHz()) / 2),
    /** 1 for an exponential chirp, 0 for a linear one. */
    EXPONENTIAL(
            new Target("exponential", "exponential shape", ""),
            chirp -> chirp.shape() == ChirpShape.EXPONENTIAL ? 1 : 0);

    /** Those of {@link Target#RELEASED}. */
    public static final List<ChirpTarget> RELEASED = List.of(START_TIME, START_FREQUENCY, END_FREQUENCY);

    private final Target target;
    private final ToDoubleFunction<Chirp> value;

    ChirpTarget(Target target, ToDoubleFunction<Chirp> value) {
        this.target = target;
        this.value = value;
    }

    /** Its name and unit. */
    public Target target() {
        return target;
    }

    /** Its value, in the unit of {@link #target()}. */
    public double of(Chirp chirp) {
        return value.applyAsDouble(chirp);
    }

    /** The values of some targets, in their order. */
    static double[] of(Chirp chirp, List<ChirpTarget> targets) {
        return targets.stream().mapToDouble(target -> target.of(chirp)).toArray();
    }
}

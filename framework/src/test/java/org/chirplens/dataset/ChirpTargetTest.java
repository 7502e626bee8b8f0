package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.chirp.Population;
import org.junit.jupiter.api.Test;

class ChirpTargetTest {
    private static final Chirp CHIRP = new Chirp(10, 5, 40, 70, ChirpShape.EXPONENTIAL);

    @Test
    void everyTargetIsTakenFromTheChirp() {
        assertThat(ChirpTarget.of(CHIRP, List.of(ChirpTarget.values()))).containsExactly(10, 40, 70, 5, 15, 30, 55, 1);
        Chirp linear = new Chirp(10, 5, 70, 40, ChirpShape.LINEAR);
        assertThat(ChirpTarget.FREQUENCY_CHANGE.of(linear)).isEqualTo(-30);
        assertThat(ChirpTarget.EXPONENTIAL.of(linear)).isZero();
    }

    @Test
    void theReleasedOnesAreThoseOfTheReleasedModel() {
        assertThat(ChirpTarget.RELEASED).extracting(ChirpTarget::target).isEqualTo(Target.RELEASED);
        assertThat(ChirpTarget.of(CHIRP, ChirpTarget.RELEASED)).isEqualTo(Target.allOf(CHIRP));
    }

    @Test
    void drawnChirpsAreLabelledAsAsked() {
        GeneratedChirps released = new GeneratedChirps(Population.released(), 3, 0, 4);
        GeneratedChirps images = released.labelled(List.of(ChirpTarget.END_TIME, ChirpTarget.START_TIME));
        assertThat(images.targets()).extracting(Target::key).containsExactly("end_time", "start_time");
        Chirp chirp = images.chirp(2);
        assertThat(images.label(2))
                .containsExactly(chirp.startTimeSeconds() + chirp.durationSeconds(), chirp.startTimeSeconds());
        assertThat(images.image(2).rgb()).isEqualTo(released.image(2).rgb());
        assertThatThrownBy(() -> released.labelled(List.of(ChirpTarget.END_TIME, ChirpTarget.END_TIME)))
                .hasMessage("targets must have names of their own, found two end_time");
    }
}

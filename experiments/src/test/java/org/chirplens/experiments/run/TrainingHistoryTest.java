package org.chirplens.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.chirplens.dataset.Target;
import org.chirplens.training.EpochRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingHistoryTest {
    private static final String TITLES =
            "epoch,images,train_loss,val_loss,learning_rate,seconds,r_age,mae_age,rmse_age";

    @TempDir
    private Path directory;

    /** Earlier versions wrote NaN, and before that no R². */
    @Test
    void anEpochMayHaveNoCorrelation() throws IOException {
        List<Target> age = List.of(new Target("age", "age", "years"));
        List<List<String>> tables = List.of(
                List.of(TITLES + ",r2_age", "1,32,0.5,0.25,1.0E-4,1.5,,2.0,3.0,"),
                List.of(TITLES + ",r2_age", "1,32,0.5,0.25,1.0E-4,1.5,NaN,2.0,3.0,NaN"),
                List.of(TITLES, "1,32,0.5,0.25,1.0E-4,1.5,NaN,2.0,3.0"));
        for (List<String> table : tables) {
            List<EpochRecord> epochs = TrainingHistory.read(Files.write(directory.resolve("training.csv"), table), age);
            assertThat(epochs).hasSize(1);
            assertThat(epochs.get(0).validation().targets().get(0).pearsonR()).isNaN();
            assertThat(epochs.get(0).validation().targets().get(0).r2()).isNaN();
            assertThat(epochs.get(0).validation().targets().get(0).mae()).isEqualTo(2);
        }
    }
}

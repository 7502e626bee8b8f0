package org.chirplens.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TfRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

/** {@code training.csv} and the TensorBoard event file. */
class TrainingRecordsTest {
    private final Path directory;

    TrainingRecordsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void theTableHasARowPerEpoch() throws IOException {
        Path file = directory.resolve("training.csv");
        TrainingLog.write(file, Target.RELEASED, List.of(epoch(1)));
        TrainingLog.write(file, Target.RELEASED, List.of(epoch(1), epoch(2)));
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "epoch,images,train_loss,val_loss,learning_rate,seconds,"
                                + "r_start_time,mae_start_time,rmse_start_time,r2_start_time,"
                                + "r_start_frequency,mae_start_frequency,rmse_start_frequency,r2_start_frequency,"
                                + "r_end_frequency,mae_end_frequency,rmse_end_frequency,r2_end_frequency",
                        "1,32,0.5,0.25,1.0E-4,1.500,0.9,2.0,3.0,0.7,0.8,4.0,5.0,0.5,,6.0,7.0,-1.0",
                        "2,64,0.5,0.25,1.0E-4,1.500,0.9,2.0,3.0,0.7,0.8,4.0,5.0,0.5,,6.0,7.0,-1.0");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void eventFramesAndChecksumsCanBeReadBack() throws IOException {
        TensorBoardEvents.open(directory, Target.RELEASED, List.of()).close();
        try (TensorBoardEvents events = TensorBoardEvents.open(directory, Target.RELEASED, List.of(epoch(1)))) {
            events.append(epoch(2));
        }
        List<Event> events = read(directory.resolve(TensorBoardEvents.FILE_NAME));
        assertThat(events).hasSize(3);
        assertThat(events.get(0).getFileVersion()).isEqualTo("brain.Event:2");
        assertThat(events.get(1).getStep()).isEqualTo(32);
        assertThat(events.get(2).getStep()).isEqualTo(64);
        assertThat(events.get(2).getWallTime()).isGreaterThan(events.get(1).getWallTime() - 1);
        assertThat(events.get(2).getSummary().getValueList())
                .extracting(Summary.Value::getTag)
                .startsWith("loss/train", "loss/validation", "learning_rate", "pearson_r/start_time", "mae/start_time");
        assertThat(events.get(2).getSummary().getValue(1).getSimpleValue()).isCloseTo(0.25f, within(0f));
    }

    private static List<Event> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int start = bytes.position();
            int length = Math.toIntExact(bytes.getLong());
            assertThat(bytes.getInt()).isEqualTo(TfRecord.maskedCrc(bytes.array(), start, 8));
            byte[] data = new byte[length];
            bytes.get(data);
            assertThat(bytes.getInt()).isEqualTo(TfRecord.maskedCrc(data, 0, length));
            events.add(Event.parseFrom(data));
        }
        return events;
    }

    private static EpochRecord epoch(int number) {
        RegressionMetrics validation = new RegressionMetrics(
                8,
                0.25,
                List.of(
                        new TargetMetrics(0.9, 0.7, 2, 3),
                        new TargetMetrics(0.8, 0.5, 4, 5),
                        new TargetMetrics(Double.NaN, -1, 6, 7)));
        return new EpochRecord(number, 32L * number, 0.5, validation, 1e-4, 1.5);
    }
}

package org.chirplens.training;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TfRecord;
import org.chirplens.file.WholeFile;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

/**
 * An event file for TensorBoard with one step per epoch: {@code loss/train}, {@code loss/validation},
 * {@code learning_rate}, and {@code pearson_r/}, {@code mae/} and {@code rmse/} of every target. The step is the number
 * of images seen.
 *
 * <p>The format is TFRecord, see {@link TfRecord}. Records are appended, since TensorBoard follows the file while it grows
 * and leaves out a record that a crash has cut off.
 */
public final class TensorBoardEvents implements AutoCloseable {
    /** TensorBoard takes files whose name contains {@code tfevents}. */
    public static final String FILE_NAME = "events.out.tfevents.chirplens";

    private final Path file;
    private final List<Target> targets;
    private final OutputStream out;

    private TensorBoardEvents(Path file, List<Target> targets, OutputStream out) {
        this.targets = targets;
        this.file = file;
        this.out = out;
    }

    /**
     * Starts the file anew with the epochs of an earlier part of the run.
     *
     * @param directory where it is written; made when missing
     * @param targets what the metrics of each epoch are of
     */
    public static TensorBoardEvents open(Path directory, List<Target> targets, List<EpochRecord> earlier) {
        Path file = directory.resolve(FILE_NAME);
        double now = System.currentTimeMillis() / 1e3;
        double start = now - earlier.stream().mapToDouble(EpochRecord::seconds).sum();
        WholeFile.write(file, out -> {
            Event version = Event.newBuilder()
                    .setWallTime(start)
                    .setFileVersion("brain.Event:2")
                    .build();
            record(out, version);
            double time = start;
            for (EpochRecord epoch : earlier) {
                time += epoch.seconds();
                record(out, event(targets, epoch, time));
            }
        });
        try {
            return new TensorBoardEvents(file, targets, Files.newOutputStream(file, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Appends an epoch that has just ended. */
    public void append(EpochRecord epoch) {
        try {
            record(out, event(targets, epoch, System.currentTimeMillis() / 1e3));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static Event event(List<Target> targets, EpochRecord epoch, double wallTime) {
        Summary.Builder summary = Summary.newBuilder();
        add(summary, "loss/train", epoch.trainLoss());
        add(summary, "loss/validation", epoch.validation().mse());
        add(summary, "learning_rate", epoch.learningRate());
        for (int t = 0; t < targets.size(); t++) {
            Target target = targets.get(t);
            TargetMetrics metrics = epoch.validation().targets().get(t);
            add(summary, "pearson_r/" + target.key(), metrics.pearsonR());
            add(summary, "mae/" + target.key(), metrics.mae());
            add(summary, "rmse/" + target.key(), metrics.rmse());
        }
        return Event.newBuilder()
                .setWallTime(wallTime)
                .setStep(epoch.images())
                .setSummary(summary)
                .build();
    }

    private static void add(Summary.Builder summary, String tag, double value) {
        summary.addValue(Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value));
    }

    private static void record(OutputStream out, Event event) throws IOException {
        // One write per record, so that a reader that follows the file seldom meets half of one.
        ByteArrayOutputStream framed = new ByteArrayOutputStream();
        TfRecord.write(framed, event.toByteArray());
        framed.writeTo(out);
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + file, e);
        }
    }
}

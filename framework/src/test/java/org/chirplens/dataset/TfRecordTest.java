package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.Population;
import org.chirplens.figure.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.EagerSession;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFOutOfRangeException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.io.FifoQueue;
import org.tensorflow.op.io.ReaderRead;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/** TFRecord files, read by TensorFlow's own kernels and by ours. */
class TfRecordTest {
    private static final List<String> LABELS = List.of(
            "image/number",
            "image/height",
            "image/width",
            "chirp/start_time_seconds",
            "chirp/duration_seconds",
            "chirp/start_frequency_hz",
            "chirp/end_frequency_hz",
            "chirp/type");

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void tensorFlowReadsPixelsAndLabelsOfEveryRecord(ImageEncoding encoding) {
        DatasetDescription images =
                DatasetDescription.of(Population.released(), 7, 3, 3).in(new TfRecordLayout(encoding, 4));
        DatasetWriter.write(directory, images, 1, ProgressListener.NONE);
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            FifoQueue files = tf.io.fifoQueue(List.of(TString.class));
            List<Operand<?>> names = List.of(tf.array(
                    directory.resolve("chirps-00001.tfrecord").toString(),
                    directory.resolve("chirps-00002.tfrecord").toString()));
            session.run(tf.io.queueEnqueueMany(files, names));
            session.run(tf.io.queueClose(files));
            ReaderRead reader = tf.io.readerRead(tf.io.tfRecordReader(), files);
            List<Operand<?>> fetches = pixelsAndLabels(tf, reader.value(), encoding);
            for (int index = 0; index < 3; index++) {
                Session.Runner runner = session.runner();
                fetches.forEach(runner::fetch);
                try (Result record = runner.run()) {
                    assertIsImage(record, images.images(), index);
                }
            }
            assertThatThrownBy(() -> session.runner().fetch(reader.key()).run())
                    .isInstanceOf(TFOutOfRangeException.class);
        }
    }

    /** The pixels, then the features of {@link #LABELS}. */
    private static List<Operand<?>> pixelsAndLabels(Ops tf, Operand<TString> record, ImageEncoding encoding) {
        List<String> keys = new ArrayList<>(LABELS);
        keys.add(encoding == ImageEncoding.RAW ? "image/raw" : "image/encoded");
        // An empty default says that the number must be there; no bytes are no image and no type.
        List<Operand<?>> defaults = keys.stream()
                .<Operand<?>>map(key -> key.matches("image/(number|height|width)")
                        ? tf.constant(new long[0])
                        : key.matches("chirp/.*(seconds|hz)") ? tf.constant(new float[0]) : tf.constant(""))
                .toList();
        List<Shape> scalars = keys.stream().map(key -> Shape.scalar()).toList();
        List<Output<?>> values = tf.io.parseSingleExample(record, defaults, 0L, List.of(), keys, List.of(), scalars)
                .denseValues();
        Operand<TString> bytes = values.get(LABELS.size()).expect(TString.class);
        List<Operand<?>> fetches = new ArrayList<>();
        fetches.add(
                encoding == ImageEncoding.RAW
                        ? tf.io.decodeRaw(bytes, TUint8.class)
                        : tf.image.decodePng(bytes, TUint8.class));
        fetches.addAll(values.subList(0, LABELS.size()));
        return fetches;
    }

    private static void assertIsImage(Result record, GeneratedChirps images, int index) {
        Chirp chirp = images.chirp(index);
        RgbImage image = images.image(index);
        byte[] rgb = new byte[image.rgb().length];
        record.get(0).asRawTensor().data().copyTo(DataBuffers.of(rgb), rgb.length);
        assertThat(rgb).isEqualTo(image.rgb());
        assertThat(((TInt64) record.get(1)).getLong()).isEqualTo(index + 3);
        assertThat(((TInt64) record.get(2)).getLong()).isEqualTo(image.height());
        assertThat(((TInt64) record.get(3)).getLong()).isEqualTo(image.width());
        assertThat(((TFloat32) record.get(4)).getFloat()).isEqualTo((float) chirp.startTimeSeconds());
        assertThat(((TFloat32) record.get(5)).getFloat()).isEqualTo((float) chirp.durationSeconds());
        assertThat(((TFloat32) record.get(6)).getFloat()).isEqualTo((float) chirp.startFrequencyHz());
        assertThat(((TFloat32) record.get(7)).getFloat()).isEqualTo((float) chirp.endFrequencyHz());
        assertThat(((TString) record.get(8)).getObject())
                .isEqualTo(chirp.shape().key());
    }

    @Test
    void recordsThatTensorFlowWritesAreRead() {
        Path file = directory.resolve("strings.tfrecord");
        try (EagerSession session = EagerSession.create()) {
            Ops tf = Ops.create(session);
            Operand<TString> strings = tf.array("chirp", "", "linear");
            Operand<? extends TType> dataset = tf.data.tensorSliceDataset(List.of(strings), List.of(Shape.scalar()));
            tf.data.datasetToTfRecord(dataset, tf.constant(file.toString()), tf.constant(""));
        }
        try (TfRecordFile records = TfRecordFile.open(file)) {
            assertThat(Arrays.stream(records.offsets(3))
                            .mapToObj(at -> new String(records.read(at), StandardCharsets.UTF_8)))
                    .containsExactly("chirp", "", "linear");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenReadsBackAsWhatWasDrawn(ImageEncoding encoding) {
        DatasetDescription images =
                DatasetDescription.of(Population.released(), 7, 2, 5).in(new TfRecordLayout(encoding, 3));
        DatasetWriter.write(directory, images, 2, ProgressListener.NONE);

        ImageSet read = Datasets.open(directory);
        GeneratedChirps drawn = images.images();

        assertThat(DatasetDescription.find(directory)).contains(images);
        assertThat(read.size()).isEqualTo(5);
        for (int i : new int[] {4, 0, 3, 1, 2}) {
            assertThat(read.name(i)).isEqualTo(drawn.name(i));
            assertThat(read.label(i)).isEqualTo(drawn.label(i));
            assertThat(read.image(i).rgb()).isEqualTo(drawn.image(i).rgb());
            assertThat(read.image(i).width()).isEqualTo(drawn.image(i).width());
        }
    }

    @Test
    void anImagesFileIsAFunctionOfItsNumber() {
        TfRecordLayout layout = new TfRecordLayout(ImageEncoding.PNG, 500);
        assertThat(layout.file(1)).isEqualTo(1);
        assertThat(layout.file(500)).isEqualTo(1);
        assertThat(layout.file(501)).isEqualTo(2);
        assertThat(layout.file(Integer.MAX_VALUE)).isEqualTo(4_294_968);
        assertThat(DatasetFiles.recordsName(2)).isEqualTo("chirps-00002.tfrecord");
        assertThat(DatasetFiles.recordsName(4_294_968)).isEqualTo("chirps-4294968.tfrecord");
    }
}

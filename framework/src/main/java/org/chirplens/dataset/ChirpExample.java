package org.chirplens.dataset;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.chirplens.chirp.Chirp;
import org.chirplens.figure.RgbImage;
import org.tensorflow.proto.BytesList;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.Feature;
import org.tensorflow.proto.Features;
import org.tensorflow.proto.FloatList;
import org.tensorflow.proto.Int64List;

/**
 * An image with its labels as {@code tf.train.Example}, the message that TensorFlow's {@code parse_example} reads. Its
 * labels are 32-bit floats; {@code labels.csv} has the exact ones.
 */
final class ChirpExample {
    private static final String NUMBER = "image/number";
    private static final String HEIGHT = "image/height";
    private static final String WIDTH = "image/width";
    private static final String FORMAT = "image/format";
    private static final String ENCODED = "image/encoded";
    private static final String RAW = "image/raw";
    private static final String START_TIME = "chirp/start_time_seconds";
    private static final String DURATION = "chirp/duration_seconds";
    private static final String START_FREQUENCY = "chirp/start_frequency_hz";
    private static final String END_FREQUENCY = "chirp/end_frequency_hz";
    private static final String TYPE = "chirp/type";

    private ChirpExample() {}

    /** The serialised message: the same bytes for the same image, as its features are sorted by name. */
    static byte[] encode(int number, Chirp chirp, RgbImage image, ImageEncoding encoding) {
        Features.Builder features = labels(chirp);
        features.putFeature(NUMBER, integer(number));
        features.putFeature(HEIGHT, integer(image.height()));
        features.putFeature(WIDTH, integer(image.width()));
        switch (encoding) {
            case PNG -> {
                features.putFeature(FORMAT, bytes("png".getBytes(StandardCharsets.US_ASCII)));
                features.putFeature(ENCODED, bytes(PngEncoder.encode(image)));
            }
            case RAW -> features.putFeature(RAW, bytes(image.rgb()));
        }
        Example example = Example.newBuilder().setFeatures(features).build();
        byte[] data = new byte[example.getSerializedSize()];
        CodedOutputStream out = CodedOutputStream.newInstance(data);
        out.useDeterministicSerialization();
        try {
            example.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot serialise image " + number, e);
        }
        out.checkNoSpaceLeft();
        return data;
    }

    private static Features.Builder labels(Chirp chirp) {
        return Features.newBuilder()
                .putFeature(START_TIME, real(chirp.startTimeSeconds()))
                .putFeature(DURATION, real(chirp.durationSeconds()))
                .putFeature(START_FREQUENCY, real(chirp.startFrequencyHz()))
                .putFeature(END_FREQUENCY, real(chirp.endFrequencyHz()))
                .putFeature(TYPE, bytes(chirp.shape().key().getBytes(StandardCharsets.US_ASCII)));
    }

    private static Feature real(double value) {
        return Feature.newBuilder()
                .setFloatList(FloatList.newBuilder().addValue((float) value))
                .build();
    }

    private static Feature integer(long value) {
        return Feature.newBuilder()
                .setInt64List(Int64List.newBuilder().addValue(value))
                .build();
    }

    private static Feature bytes(byte[] value) {
        return Feature.newBuilder()
                .setBytesList(BytesList.newBuilder().addValue(UnsafeByteOperations.unsafeWrap(value)))
                .build();
    }

    /**
     * Reads the image of a message.
     *
     * @param number that the message must have
     * @param chirp that its labels must be those of
     * @param place where it is from, for messages
     * @throws IllegalArgumentException when it is not that image's, or no image
     */
    static RgbImage decode(byte[] data, int number, Chirp chirp, String place) {
        return image(verified(data, number, chirp, place), place);
    }

    /** Checks that a message is an image's, without decoding the image; parameters as those of {@link #decode}. */
    static void verify(byte[] data, int number, Chirp chirp, String place) {
        verified(data, number, chirp, place);
    }

    private static Features verified(byte[] data, int number, Chirp chirp, String place) {
        Features features = features(data, place);
        long found = integer(features, NUMBER, place);
        require(found == number, place, NUMBER + " must be " + number, found);
        labels(chirp).getFeatureMap().forEach((name, feature) -> {
            Feature label = features.getFeatureOrDefault(name, Feature.getDefaultInstance());
            if (!label.equals(feature)) {
                String rule = name + " must be that of " + LabelTable.FILE_NAME + ", " + text(feature);
                require(false, place, rule, text(label));
            }
        });
        return features;
    }

    private static RgbImage image(Features features, String place) {
        if (features.containsFeature(ENCODED)) {
            return PngFile.decode(only(features, ENCODED, place).toByteArray(), place);
        }
        long height = integer(features, HEIGHT, place);
        long width = integer(features, WIDTH, place);
        require(height >= 1 && height < 1 << 16, place, HEIGHT + " must be in [1, 65535]", height);
        require(width >= 1 && width < 1 << 16, place, WIDTH + " must be in [1, 65535]", width);
        ByteString pixels = only(features, RAW, place);
        require(
                pixels.size() == 3 * height * width,
                place,
                RAW + " must have " + 3 * height * width + " bytes, for " + height + " x " + width + " x 3",
                pixels.size());
        return new RgbImage((int) width, (int) height, pixels.toByteArray());
    }

    private static Features features(byte[] data, String place) {
        try {
            return Example.parseFrom(data).getFeatures();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(
                    place + ": the record must be a tf.train.Example, found: " + e.getMessage(), e);
        }
    }

    private static long integer(Features features, String name, String place) {
        Int64List values =
                features.getFeatureOrDefault(name, Feature.getDefaultInstance()).getInt64List();
        require(values.getValueCount() == 1, place, name + " must have one integer", values.getValueCount());
        return values.getValue(0);
    }

    private static ByteString only(Features features, String name, String place) {
        BytesList values =
                features.getFeatureOrDefault(name, Feature.getDefaultInstance()).getBytesList();
        require(values.getValueCount() == 1, place, name + " must have one value of bytes", values.getValueCount());
        return values.getValue(0);
    }

    private static String text(Feature feature) {
        String text = feature.toString().strip().replaceAll("\\s+", " ");
        return text.isEmpty() ? "nothing" : text;
    }

    private static void require(boolean holds, String place, String rule, Object found) {
        if (!holds) {
            throw new IllegalArgumentException(place + ": " + rule + ", found " + found);
        }
    }
}

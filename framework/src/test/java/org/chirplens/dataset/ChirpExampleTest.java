package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.figure.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.proto.BytesList;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.Feature;
import org.tensorflow.proto.Features;
import org.tensorflow.proto.Int64List;

class ChirpExampleTest {
    private static final Chirp CHIRP = new Chirp(1.1, 2.2, 3.3, 4.4, ChirpShape.EXPONENTIAL);
    private static final RgbImage IMAGE = new RgbImage(3, 2, "abcdefghijklmnopqr".getBytes(StandardCharsets.US_ASCII));

    @ParameterizedTest
    @EnumSource
    void pixelsAreReadBack(ImageEncoding encoding) {
        byte[] data = ChirpExample.encode(5, CHIRP, IMAGE, encoding);
        RgbImage read = ChirpExample.decode(data, 5, CHIRP, "here");
        assertThat(read.rgb()).isEqualTo(IMAGE.rgb());
        assertThat(List.of(read.width(), read.height())).containsExactly(3, 2);
    }

    @Test
    void featuresAreSortedByNameSoThatBytesAreReproducible() {
        String data = new String(ChirpExample.encode(5, CHIRP, IMAGE, ImageEncoding.PNG), StandardCharsets.ISO_8859_1);
        List<Integer> places = List.of(
                        "chirp/duration_seconds",
                        "chirp/end_frequency_hz",
                        "chirp/start_frequency_hz",
                        "chirp/start_time_seconds",
                        "chirp/type",
                        "image/encoded",
                        "image/format",
                        "image/height",
                        "image/number",
                        "image/width")
                .stream()
                .map(data::indexOf)
                .toList();
        assertThat(places).isSorted().doesNotContain(-1);
    }

    @Test
    void whatIsNotThisImageIsRefusedByItsName() {
        refused(features -> features.putFeature("image/number", integer(6)), "image/number must be 5, found 6");
        refused(features -> features.removeFeature("image/number"), "image/number must have one integer, found 0");
        refused(
                features -> features.removeFeature("chirp/type"),
                "chirp/type must be that of labels.csv, bytes_list { value: \"exponential\" }, found nothing");
        refused(
                features -> features.putFeature("image/height", integer(1L << 62)),
                "image/height must be in [1, 65535], found 4611686018427387904");
        refused(
                features -> features.putFeature("image/width", integer(-3)),
                "image/width must be in [1, 65535], found -3");
        refused(
                features -> features.putFeature("image/width", integer(4)),
                "image/raw must have 24 bytes, for 2 x 4 x 3, found 18");
        refused(features -> features.removeFeature("image/raw"), "image/raw must have one value of bytes, found 0");
        refused(
                features -> features.putFeature("image/encoded", bytes("no PNG")),
                "must be a PNG image, found a file of 6 bytes without PNG signature and header");
    }

    @Test
    void bytesThatAreNoMessageAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChirpExample.decode(new byte[] {10, 127, 1}, 5, CHIRP, "here"))
                .withMessageStartingWith("here: the record must be a tf.train.Example, found: ");
    }

    /** CVE-2024-7254: groups in groups in an entry of a map, a byte each. */
    @Test
    void groupsWithoutEndAreRefused() {
        byte[] groups = new byte[200_000];
        Arrays.fill(groups, (byte) (1 << 3 | 3));
        byte[] nested = field(field(groups));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChirpExample.decode(nested, 5, CHIRP, "here"))
                .withMessageStartingWith("here: the record must be a tf.train.Example, found: ");
    }

    /** The content as field 1 of a message. */
    private static byte[] field(byte[] content) {
        return DescriptorProtos.FileDescriptorProto.newBuilder()
                .setNameBytes(ByteString.copyFrom(content))
                .buildPartial()
                .toByteArray();
    }

    private static void refused(Consumer<Features.Builder> change, String problem) {
        Features.Builder features;
        try {
            features =
                    Example.parseFrom(ChirpExample.encode(5, CHIRP, IMAGE, ImageEncoding.RAW))
                            .getFeatures()
                            .toBuilder();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
        change.accept(features);
        byte[] data = Example.newBuilder().setFeatures(features).build().toByteArray();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChirpExample.decode(data, 5, CHIRP, "here"))
                .withMessage("here: " + problem);
    }

    private static Feature integer(long value) {
        return Feature.newBuilder()
                .setInt64List(Int64List.newBuilder().addValue(value))
                .build();
    }

    private static Feature bytes(String text) {
        return Feature.newBuilder()
                .setBytesList(BytesList.newBuilder().addValue(ByteString.copyFromUtf8(text)))
                .build();
    }
}

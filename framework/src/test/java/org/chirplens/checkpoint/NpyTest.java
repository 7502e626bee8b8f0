package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpyTest {
    private final Path directory;

    NpyTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void recordedArraysAreReadWithTheirShapes() {
        NumericArray image = Npy.read(Recorded.path("resize/torchvision_resize_32.npy"));
        NumericArray tensor = Npy.read(Recorded.path("resize/training_tensor.npy"));
        NumericArray noise = Npy.read(Recorded.path("chirp_genuine/noise.npy"));

        assertThat(image.dtype()).isEqualTo(DType.U8);
        assertThat(image.shape()).containsExactly(32, 32, 3);
        assertThat(Arrays.stream(image.data()).max()).hasValue(255);
        assertThat(tensor.shape()).containsExactly(3, 224, 224);
        assertThat(Arrays.stream(tensor.data())).allMatch(value -> value >= 0 && value <= 1);
        assertThat(noise.dtype()).isEqualTo(DType.F64);
        assertThat(Arrays.stream(noise.data()).average().orElseThrow())
                .as("standard normal draws")
                .isBetween(-0.02, 0.02);
    }

    @Test
    void bothVersionsAndScalarsAreRead() throws IOException {
        byte[] two = {2, 0, 0, 0};
        String scalar = "{'descr': '<i4', 'fortran_order': False, 'shape': (), }\n";
        assertThat(Npy.read(npy(1, scalar, two)).data()).containsExactly(2);
        assertThat(Npy.read(npy(2, scalar, two)).shape()).isEmpty();
        String vector = "{'descr': '|b1', 'fortran_order': False, 'shape': (4,), }\n";
        assertThat(Npy.read(npy(1, vector, new byte[] {1, 0, 0, 1})).data()).containsExactly(1, 0, 0, 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '"',
            value = {
                "3 # {'descr': '<i4', 'fortran_order': False, 'shape': (), } # version must be 1.0 or 2.0, found 3",
                "1 # {'descr': '>i4', 'fortran_order': False, 'shape': (), } # descr must be one of",
                "1 # {'descr': '|O', 'fortran_order': False, 'shape': (), } # descr must be one of",
                "1 # {'descr': '<i4', 'fortran_order': True, 'shape': (1,), } # must be in C order",
                "1 # {'descr': '<i4', 'fortran_order': False, 'shape': (2,), } # takes 8 bytes, the file has 4",
                "1 # {'descr': '|u1', 'fortran_order': False, 'shape': (3,), } # takes 3 bytes, the file has 4",
                "1 # {'descr': '<i4', 'fortran_order': False, 'shape': (65536, 65536, 65536, 65536), } # is too large",
                "1 # {'descr': '<i4', 'fortran_order': False, 'shape': (99999999999), } # must be a tuple of integers",
                "1 # {'descr': '<i4', 'fortran_order': False, 'shape': (), 'x': True} # header must be a dict",
                "1 # {'descr': '<i4', 'descr': '<i4', 'shape': (), } # header must have descr",
                "1 # [('a', '<i4')] # header must be a dict"
            })
    void otherFilesAreRefused(int version, String header, String message) throws IOException {
        Path file = npy(version, header, new byte[4]);
        assertThatThrownBy(() -> Npy.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }

    @Test
    void truncationIsNoticed() throws IOException {
        byte[] whole = Files.readAllBytes(Recorded.path("resize/torchvision_resize_32.npy"));
        for (int length : new int[] {0, 5, 9, 50, whole.length - 1}) {
            Path file = Files.write(directory.resolve("cut" + length), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Npy.read(file))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(file + ": ");
        }
    }

    private Path npy(int version, String header, byte[] data) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        bytes.write(new byte[] {(byte) header.length(), 0});
        if (version == 2) {
            bytes.write(new byte[2]);
        }
        bytes.write(header.getBytes(StandardCharsets.ISO_8859_1));
        bytes.write(data);
        return Files.write(directory.resolve("array" + version + header.hashCode() + ".npy"), bytes.toByteArray());
    }
}

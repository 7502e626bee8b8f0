package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes of the format as its specification has them, and what is not of it. */
class TfRecordFileTest {
    /** RFC 3720's check value of CRC-32C is e3069283 for the digits 1 to 9; rotated right by 15, plus a282ead8. */
    private static final int MASKED = ((0xe3069283 >>> 15) | (0xe3069283 << 17)) + 0xa282ead8;

    private static final byte[] DIGITS = "123456789".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("chirps-00001.tfrecord");
    }

    @Test
    void theChecksumIsCrc32cMaskedAsTfRecordMasksIt() {
        assertThat(TfRecord.maskedCrc(DIGITS, 0, DIGITS.length)).isEqualTo(MASKED);
    }

    @Test
    void aRecordIsLengthDataAndTheirChecksums() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TfRecord.write(out, DIGITS);
        ByteBuffer record = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(record.remaining()).isEqualTo(8 + 4 + 9 + 4);
        assertThat(record.getLong(0)).isEqualTo(9);
        assertThat(record.getInt(8)).isEqualTo(TfRecord.maskedCrc(record.array(), 0, 8));
        assertThat(Arrays.copyOfRange(record.array(), 12, 21)).isEqualTo(DIGITS);
        assertThat(record.getInt(21)).isEqualTo(MASKED);
    }

    @Test
    void recordsOfAnyLengthAreReadInAnyOrder() throws IOException {
        byte[] large = new byte[100_000];
        large[77_777] = 7;
        write(new byte[0], DIGITS, large);
        try (TfRecordFile records = TfRecordFile.open(file)) {
            long[] offsets = records.offsets(3);
            assertThat(offsets).containsExactly(0, 16, 16 + 25);
            assertThat(records.read(offsets[2])).isEqualTo(large);
            assertThat(records.read(offsets[1])).isEqualTo(DIGITS);
            assertThat(records.read(offsets[0])).isEmpty();
        }
    }

    @Test
    void anotherNumberOfRecordsIsRefused() throws IOException {
        write(DIGITS, DIGITS, DIGITS);
        refused(2, ": byte 50: the file must end after 2 records, found more");
        refused(4, ": byte 75: the file must hold 4 records, found 3 (cut off?)");
        refused(Integer.MAX_VALUE, ": byte 75: the file must hold 2147483647 records, found 3 (cut off?)");
        Files.write(file, new byte[0]);
        refused(1, ": byte 0: the file must hold 1 records, found 0 (cut off?)");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 11, 12, 15, 24})
    void aCutOffRecordIsNamedByItsFirstByte(int length) throws IOException {
        write(DIGITS, DIGITS);
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 25 + length));
        refused(2, ": byte 25: ");
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 1L << 31, 1L << 40, Long.MAX_VALUE, -1, Long.MIN_VALUE, -16})
    void aLengthBeyondTheFileIsRefusedEvenWithItsChecksum(long length) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(25).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(length);
        record.putInt(TfRecord.maskedCrc(record.array(), 0, 8));
        Files.write(file, record.array());
        refused(
                1,
                ": byte 0: the record's data must end within the file, found a length of "
                        + Long.toUnsignedString(length) + " bytes and 9 left (cut off?)");
    }

    @Test
    void everyFlippedBitIsFound() throws IOException {
        write(DIGITS);
        byte[] whole = Files.readAllBytes(file);
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, damaged);
            assertThatIllegalArgumentException()
                    .as("bit %d of %s", bit, HexFormat.of().formatHex(whole))
                    .isThrownBy(() -> {
                        try (TfRecordFile records = TfRecordFile.open(file)) {
                            records.read(records.offsets(1)[0]);
                        }
                    })
                    .withMessageStartingWith(file + ": byte 0: the record's ");
        }
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TfRecordFile.open(file))
                .withMessage(file + ": the TFRecord file must exist, found no such file");
    }

    private void write(byte[]... records) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] record : records) {
            TfRecord.write(out, record);
        }
        Files.write(file, out.toByteArray());
    }

    private void refused(int records, String problem) {
        try (TfRecordFile opened = TfRecordFile.open(file)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> opened.offsets(records))
                    .withMessageStartingWith(file + problem);
        }
    }
}

package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chirplens.checkpoint.Recorded.get;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that torch.save does not write are refused, before memory is taken for what they claim. */
class ZipHostileTest {
    private static final long[] ONE = {1};
    private static final byte[] PICKLE = new PickleWriter()
            .raw('}')
            .text("w")
            .tensor(1, 0, ONE, ONE)
            .raw('s')
            .end();

    private final Path directory;

    ZipHostileTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../data.pkl",
                "../../data/0",
                "./version",
                "model/../data.pkl",
                "model/data/../../x",
                "model/data/a/b",
                "model/data/",
                "model/",
                "data.pkl",
                "C:\\data.pkl",
                "model/code/model.py",
                "model/constants.pkl"
            })
    void namesThatTorchDoesNotWriteAreRefused(String name) throws IOException {
        refuses(valid().add(name, new byte[0]).end(), "the archive has a file " + name + ", which torch.save");
    }

    @Test
    void twoFoldersOrNoPickleAreRefused() throws IOException {
        refuses(valid().add("other/version", "3").end(), "the archive must have one folder, found model, other");
        refuses(new ZipWriter().add("model/version", "3").end(), "the archive has no data.pkl");
    }

    @Test
    void bigEndianFilesAreRefusedWithAdvice() throws IOException {
        refuses(valid().add("model/byteorder", "big").end(), "byteorder must be little, found big; save it again");
        refuses(
                valid().add("model/byteorder", "little".repeat(9)).end(),
                "byteorder must be little, found littlelittle");
    }

    @Test
    void aZipBombIsRefusedUnread() throws IOException {
        Path file = directory.resolve("bomb.pth");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("model/data.pkl"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                zip.write(zeros);
            }
            zip.closeEntry();
        }
        refuses(Files.readAllBytes(file), "model/data.pkl must be stored as it is, found compression method 8");

        ZipWriter claimed = valid();
        claimed.entries.get(1).method = 8;
        claimed.entries.get(1).length = Integer.MAX_VALUE;
        refuses(claimed.end(), "model/data/0 must be stored as it is, found compression method 8");
        ZipWriter encrypted = valid();
        encrypted.entries.get(1).flags |= 1;
        refuses(encrypted.end(), "model/data/0 must be stored as it is, found compression method 0 and flags 809");
    }

    @Test
    void filesThatShareBytesAreRefused() throws IOException {
        ZipWriter same = valid();
        ZipWriter.Entry copy = same.add("model/data/1", new byte[4]).entries.get(3);
        copy.name = "model/data/0";
        refuses(same.end(), "the archive has two files model/data/0");

        ZipWriter whole = valid();
        whole.entries.get(0).length += 40;
        whole.entries.get(0).stored += 40;
        refuses(whole.end(), "has files that overlap");

        // The second file's header lies within the first one's content, as in the bombs that quote each other.
        byte[] inner = new ZipWriter().add("model/data/1", new byte[4]).end();
        ZipWriter quoting = new ZipWriter().add("model/data/0", inner);
        int start = 30 + "model/data/0".length();
        ZipWriter.Entry quoted =
                quoting.add("model/data/1", new byte[4]).entries.get(1);
        quoted.header = start;
        refuses(quoting.end(), "has files that overlap at byte " + start);

        ZipWriter twice = valid().add("model/data/1", new byte[4]);
        twice.entries.get(3).header = twice.entries.get(1).header;
        refuses(twice.end(), "model/data/1 has another name, or no header, where it is stored");
    }

    @Test
    void damagedContentIsNoticed() throws IOException {
        byte[] damaged = valid().end();
        damaged[30 + "model/data.pkl".length() + PICKLE.length + 30 + "model/data/0".length()] ^= 1;
        refuses(damaged, "model/data/0 is damaged: CRC-32 must be ");
    }

    @Test
    void lengthsThatAreNotThereTakeNoMemory() throws IOException {
        ZipWriter far = valid();
        far.entries.get(1).length = Integer.MAX_VALUE;
        far.entries.get(1).stored = Integer.MAX_VALUE;
        refuses(far.end(), "model/data/0 of 2147483647 bytes at byte ");

        ZipWriter outside = valid();
        outside.entries.get(1).header = -2;
        refuses(outside.end(), "header of model/data/0 of 42 bytes at byte 4294967294 goes beyond");

        ZipWriter wide = valid();
        wide.entries.get(1).length = -1;
        refuses(wide.end(), "lacks a value of 64 bits");
        wide = valid();
        wide.entries.get(1).length = -1;
        wide.entries.get(1).stored = -1;
        wide.entries.get(1).extra = zip64(Long.MAX_VALUE, Long.MAX_VALUE);
        refuses(wide.end(), "model/data/0 of 9223372036854775807 bytes at byte ");
        wide.entries.get(1).extra = zip64(-1, -1);
        refuses(wide.end(), "model/data/0 of 18446744073709551615 bytes at byte ");
        wide.entries.get(1).extra = new byte[] {9, 9, -1, -1};
        refuses(wide.end(), "an extra field goes beyond the zip directory");

        refuses(valid().end(60_000, 0), "the zip directory must have 60000 files, found 3");
        refuses(valid().end(3, 1 << 30), "goes beyond its end");
        refuses(valid().end(3, -1), "the zip directory must end where its end record starts");
    }

    @Test
    void sizesOfSixtyFourBitsAreRead() throws IOException {
        ZipWriter wide = valid();
        wide.entries.get(1).length = -1;
        wide.entries.get(1).stored = -1;
        wide.entries.get(1).extra = zip64(4, 4);
        Path file = Files.write(directory.resolve("wide.pth"), wide.end());

        assertThat(get(TorchFile.read(file), "w").data()).containsExactly(0);
    }

    @Test
    void endRecordsThatDisagreeAreRefused() throws IOException {
        byte[] genuine = Files.readAllBytes(Path.of("src/test/resources/torch/plain.pth"));
        int end = genuine.length - 22;
        byte[] count = genuine.clone();
        count[end + 10]++;
        refuses(count, "the zip archive's end records must agree");
        byte[] locator = genuine.clone();
        locator[end - 20 + 8]++;
        refuses(locator, "the zip64 end record must lie right before its locator");
        byte[] comment = genuine.clone();
        comment[end + 20]++;
        refuses(comment, "the file must end with a zip archive's end record");
    }

    private static ZipWriter valid() {
        return ZipWriter.torch(PICKLE, new byte[4]);
    }

    private static byte[] zip64(long... values) {
        ByteBuffer extra = ByteBuffer.allocate(4 + 8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        extra.putShort((short) 1).putShort((short) (8 * values.length));
        for (long value : values) {
            extra.putLong(value);
        }
        return extra.array();
    }

    private void refuses(byte[] archive, String message) throws IOException {
        Path file = Files.write(directory.resolve("archive.pth"), archive);
        assertThatThrownBy(() -> TorchFile.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }
}

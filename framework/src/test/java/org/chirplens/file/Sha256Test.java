package org.chirplens.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the examples of NIST (FIPS 180-4, "SHA-256 Example 1" and "2"). */
class Sha256Test {
    private static final String ONE_BLOCK = "abc";
    private static final String ONE_BLOCK_HASH = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final String TWO_BLOCKS = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    private static final String TWO_BLOCKS_HASH = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";

    @TempDir
    Path temporary;

    @Test
    void hashesTextsAndFiles() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), TWO_BLOCKS);
        assertThat(Sha256.of(ONE_BLOCK)).isEqualTo(ONE_BLOCK_HASH);
        assertThat(Sha256.of(file)).isEqualTo(TWO_BLOCKS_HASH);
    }

    @Test
    void partsAreHashedAsOne() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "b");
        assertThat(new Sha256().add("a").add(file).add("c").hex()).isEqualTo(ONE_BLOCK_HASH);
    }

    @Test
    void numbersBeginWithTheirMostSignificantByte() {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 0x3f, (byte) 0x80, 0, 0});
        assertThat(new Sha256().add(new int[] {0x01020304}).add(new float[] {1}).hex())
                .isEqualTo(new Sha256().add(bytes).hex());
    }

    @Test
    void refusesAFileThatIsNotThere() {
        Path file = temporary.resolve("none");
        assertThatThrownBy(() -> Sha256.of(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.toString());
    }
}

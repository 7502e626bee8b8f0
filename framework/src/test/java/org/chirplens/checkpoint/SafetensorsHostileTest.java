package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that break the format are refused with a message, before memory is taken for what they claim to hold. */
class SafetensorsHostileTest {
    private final Path directory;

    SafetensorsHostileTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @CsvSource({
        "0, 'header length must be in [2, 100000000], found 0'",
        "1, 'found 1'",
        "-9223372036854775808, 'found 9223372036854775808'",
        "-1, 'found 18446744073709551615'",
        "100000001, 'found 100000001'",
        "100000000, 'header of 100000000 bytes goes beyond'",
        "23, 'header of 23 bytes goes beyond'"
    })
    void headerLengthIsBounded(long length, String message) throws IOException {
        refuses(SafetensorsFiles.write(directory.resolve("x"), length, "{}", new byte[20]), message);
    }

    @Test
    void everyTruncationIsNoticed() throws IOException {
        byte[] whole = Files.readAllBytes(Recorded.path("config_a/model/adapter/adapter_model.safetensors"));
        for (int length : new int[] {0, 7, 8, 100, 1000, whole.length - 4, whole.length - 1}) {
            Path file = Files.write(directory.resolve("x" + length), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Safetensors.read(file))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(file + ": ");
        }
        refuses(directory.resolve("x" + (whole.length - 1)), "the file is truncated: the tensors take");
        refuses(
                Files.write(directory.resolve("longer"), Arrays.copyOf(whole, whole.length + 1)),
                "bytes that belong to no tensor");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 8, 4, 12, 'b overlaps the tensor before it: data_offsets start at 4, expected 8'",
        "0, 8, 0, 8, 'overlaps the tensor before it'",
        "0, 8, 12, 20, 'b leaves a gap before it: data_offsets start at 12, expected 8'",
        "4, 12, 12, 20, 'a leaves a gap before it'",
        "0, 8, 8, 12, 'b: F32[2] takes 8 bytes, data_offsets hold 4'",
        "8, 0, 0, 8, 'a: data_offsets must be [begin, end], found [8, 0]'",
        "0, 8, 8, 16, 'the file has bytes that belong to no tensor'",
        "-8, 0, 0, 8, 'a.data_offsets must not be negative, found -8'"
    })
    void tensorsLieBackToBack(long beginA, long endA, long beginB, long endB, String message) throws IOException {
        String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" + beginA + "," + endA
                + "]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" + beginB + "," + endB + "]}}";
        refuses(SafetensorsFiles.write(directory.resolve("x"), header, new byte[20]), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[4294967296,4294967296]", "[2147483647,2]", "[9223372036854775807,2]", "[4294967296,0]"})
    void shapesThatOverflowAreRefused(String shape) throws IOException {
        String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":[0,0]}}";
        refuses(SafetensorsFiles.write(directory.resolve("x"), header, new byte[0]), "is too large");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':T,'a':T}|Duplicate",
                "{'a':{'dtype':'F32','dtype':'F32','shape':[],'data_offsets':[0,4]}}|Duplicate",
                "{'__metadata__':{'x':'1','x':'2'},'a':T}|Duplicate",
                "{'__metadata__':{'x':1},'a':T}|__metadata__.x must be VALUE_STRING",
                "{'a':T} x|header is not valid JSON",
                "{'a':T}{}|nothing may follow",
                "{'a':T|header is not valid JSON",
                "['a']|header must start with {",
                "{'a':1}|a must be START_OBJECT, found 1",
                "{'a':{'dtype':'F8_E4M3','shape':[4],'data_offsets':[0,4]}}|a: dtype must be one of",
                "{'a':{'dtype':'F32','shape':[1.0],'data_offsets':[0,4]}}|a.shape must be VALUE_NUMBER_INT, found 1.0",
                "{'a':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,4]}}|out of range",
                "{'a':{'dtype':'F32','shape':[]}}|a must have dtype, shape and data_offsets",
                "{'a':{'dtype':'F32','shape':[],'data_offsets':[0]}}|a: data_offsets must be [begin, end]",
                "{'a':{'dtype':'F32','shape':[],'data_offsets':[0,4],'x':1}}|a has an unknown field x"
            })
    void headersThatAreNotWhatTheFormatSaysAreRefused(String header, String message) throws IOException {
        String json = header.replace('\'', '"').replace("T", "{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}");
        refuses(SafetensorsFiles.write(directory.resolve("x"), json, new byte[4]), message);
    }

    @Test
    void headersThatAreNotUtf8AreRefused() throws IOException {
        Path file = directory.resolve("x");
        Files.write(file, new byte[] {4, 0, 0, 0, 0, 0, 0, 0, '{', (byte) 0xff, (byte) 0xfe, '}'});
        refuses(file, "header is not UTF-8");
    }

    @Test
    void deeplyNestedHeadersAreRefused() throws IOException {
        String header = "{\"a\":{\"shape\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}}";
        refuses(SafetensorsFiles.write(directory.resolve("x"), header, new byte[0]), "a.shape must be");
    }

    private static void refuses(Path file, String message) {
        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }
}

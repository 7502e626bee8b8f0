package org.chirplens.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header of a safetensors file, checked in full before a byte of tensor data is read: a file is 8 bytes of header
 * length (little-endian), the header as JSON, and the tensors, back to back without a gap.
 *
 * @param entries every tensor, in the order of the header
 * @param metadata the {@code __metadata__} strings
 * @param dataStart where in the file the tensors begin
 */
record SafetensorsHeader(Map<String, Entry> entries, Map<String, String> metadata, long dataStart) {
    static final String METADATA = "__metadata__";

    /** What the format's own library accepts; it bounds what a hostile file can make us hold. */
    private static final long MAX_LENGTH = 100_000_000;

    private static final int MAX_RANK = 32;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /** One tensor: its bytes are {@code [begin, end)} after {@link #dataStart}. */
    record Entry(DType dtype, int[] shape, long begin, long end) {
        int count() {
            return (int) ((end - begin) / dtype.bytes());
        }
    }

    /**
     * Reads and checks the header.
     *
     * @throws IllegalArgumentException for anything that the format forbids; the caller adds the file's name
     */
    static SafetensorsHeader read(FileChannel channel) throws IOException {
        FileRange file = FileRange.whole(channel);
        long size = file.length();
        require(size >= 8, "a file must have at least 8 bytes, found " + size);
        long length = file.part(0, 8, "header length").bytes().getLong();
        require(
                length >= 2 && length <= MAX_LENGTH,
                "header length must be in [2, " + MAX_LENGTH + "], found " + Long.toUnsignedString(length));
        require(length <= size - 8, "header of " + length + " bytes goes beyond the file's " + size);
        String json = decode(file.part(8, length, "header").bytes());
        require(json.startsWith("{"), "header must start with {");
        SafetensorsHeader header = parse(json, 8 + length);
        header.checkLayout(size - 8 - length);
        return header;
    }

    private static String decode(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("header is not UTF-8", e);
        }
    }

    private static SafetensorsHeader parse(String json, long dataStart) throws IOException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                expect(parser, parser.nextToken(), JsonToken.START_OBJECT, name);
                if (name.equals(METADATA)) {
                    readMetadata(parser, metadata);
                } else {
                    entries.put(name, readEntry(parser, name));
                }
            }
            require(parser.nextToken() == null, "nothing may follow the header's object");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("header is not valid JSON: " + e.getOriginalMessage(), e);
        }
        return new SafetensorsHeader(entries, metadata, dataStart);
    }

    private static void readMetadata(JsonParser parser, Map<String, String> metadata) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            expect(parser, parser.nextToken(), JsonToken.VALUE_STRING, METADATA + "." + key);
            metadata.put(key, parser.getText());
        }
    }

    private static Entry readEntry(JsonParser parser, String name) throws IOException {
        String dtype = null;
        long[] shape = null;
        long[] offsets = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "dtype" -> {
                    expect(parser, parser.currentToken(), JsonToken.VALUE_STRING, name + ".dtype");
                    dtype = parser.getText();
                }
                case "shape" -> shape = readLongs(parser, name + ".shape");
                case "data_offsets" -> offsets = readLongs(parser, name + ".data_offsets");
                default -> throw new IllegalArgumentException(name + " has an unknown field " + key);
            }
        }
        return entry(name, dtype, shape, offsets);
    }

    private static Entry entry(
            String name, @Nullable String dtype, long @Nullable [] shape, long @Nullable [] offsets) {
        if (dtype == null || shape == null || offsets == null) {
            throw new IllegalArgumentException(name + " must have dtype, shape and data_offsets");
        }
        require(
                offsets.length == 2 && offsets[0] <= offsets[1],
                name + ": data_offsets must be [begin, end], found " + Arrays.toString(offsets));
        try {
            DType type = DType.ofSafetensors(dtype);
            long count = 1;
            int[] dimensions = new int[shape.length];
            for (int i = 0; i < shape.length; i++) {
                dimensions[i] = Math.toIntExact(shape[i]);
                count = Math.multiplyExact(count, shape[i]);
            }
            long bytes = Math.multiplyExact((long) Math.toIntExact(count), (long) type.bytes());
            require(
                    bytes == offsets[1] - offsets[0],
                    type + Arrays.toString(shape) + " takes " + bytes + " bytes, data_offsets hold "
                            + (offsets[1] - offsets[0]));
            return new Entry(type, dimensions, offsets[0], offsets[1]);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(name + ": shape " + Arrays.toString(shape) + " is too large", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    private static long[] readLongs(JsonParser parser, String what) throws IOException {
        expect(parser, parser.currentToken(), JsonToken.START_ARRAY, what);
        List<Long> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser, parser.currentToken(), JsonToken.VALUE_NUMBER_INT, what);
            long value = parser.getLongValue();
            require(value >= 0, what + " must not be negative, found " + value);
            require(values.size() < MAX_RANK, what + " must have at most " + MAX_RANK + " values");
            values.add(value);
        }
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private static void expect(JsonParser parser, @Nullable JsonToken found, JsonToken expected, String what)
            throws IOException {
        if (found != expected) {
            throw new IllegalArgumentException(
                    what + " must be " + expected + ", found " + (found == null ? "the end" : parser.getText()));
        }
    }

    private void checkLayout(long dataLength) {
        List<Map.Entry<String, Entry>> sorted = new ArrayList<>(entries.entrySet());
        sorted.sort(Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin)
                .thenComparingLong(e -> e.getValue().end));
        long at = 0;
        for (Map.Entry<String, Entry> next : sorted) {
            long begin = next.getValue().begin;
            require(
                    begin == at,
                    next.getKey() + (begin < at ? " overlaps the tensor before it" : " leaves a gap before it")
                            + ": data_offsets start at " + begin + ", expected " + at);
            at = next.getValue().end;
        }
        require(
                at == dataLength,
                (at > dataLength ? "the file is truncated" : "the file has bytes that belong to no tensor")
                        + ": the tensors take " + at + " bytes, found " + dataLength);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}

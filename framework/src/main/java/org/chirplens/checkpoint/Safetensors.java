package org.chirplens.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.chirplens.file.WholeFile;
import org.chirplens.model.FloatArray;

/**
 * Reads and writes safetensors files, the format of Hugging Face checkpoints
 * (<a href="https://github.com/huggingface/safetensors#format">definition</a>). A file is never held as a whole:
 * tensors pass one at a time through a small buffer. Files may be hostile: all that the format forbids is refused
 * before memory is taken for a tensor.
 */
public final class Safetensors {
    private static final int BUFFER_BYTES = 1 << 20;

    private Safetensors() {}

    /** Fills an array with the tensor's bytes, buffer by buffer. */
    private interface Reading<T> {
        T read(SafetensorsHeader.Entry entry, FileRange bytes) throws IOException;
    }

    /**
     * Reads weights: F32 as it is, F16 and BF16 widened.
     *
     * @return the tensors in the order of the file's header
     * @throws IllegalArgumentException when the file breaks the format, or holds a tensor of another dtype
     * @throws UncheckedIOException when it cannot be read
     */
    public static Map<String, FloatArray> read(Path file) {
        return read(file, (entry, bytes) -> {
            entry.dtype().requireFitsFloat();
            return new FloatArray(entry.shape(), bytes.floats(entry.dtype()));
        });
    }

    /**
     * Reads arrays of any dtype, such as a bundle of recorded results.
     *
     * @return the arrays in the order of the file's header
     * @throws IllegalArgumentException when the file breaks the format
     * @throws UncheckedIOException when it cannot be read
     */
    public static Map<String, NumericArray> readArrays(Path file) {
        return read(file, (entry, bytes) -> {
            DType dtype = entry.dtype();
            double[] data = new double[entry.count()];
            bytes.stream(dtype.bytes(), (buffer, index) -> dtype.decode(buffer, data, index));
            return new NumericArray(dtype, entry.shape(), data);
        });
    }

    private static <T> Map<String, T> read(Path file, Reading<T> reading) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            SafetensorsHeader header = SafetensorsHeader.read(channel);
            Map<String, T> tensors = new LinkedHashMap<>();
            for (Map.Entry<String, SafetensorsHeader.Entry> named :
                    header.entries().entrySet()) {
                SafetensorsHeader.Entry entry = named.getValue();
                try {
                    long start = header.dataStart() + entry.begin();
                    FileRange bytes = new FileRange(channel, start, entry.end() - entry.begin());
                    tensors.put(named.getKey(), reading.read(entry, bytes));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(named.getKey() + ": " + e.getMessage(), e);
                }
            }
            return tensors;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Writes weights as F32: see {@link #write(Path, Map, DType, Map)}. */
    public static void write(Path file, Map<String, FloatArray> tensors, Map<String, String> metadata) {
        write(file, tensors, DType.F32, metadata);
    }

    /**
     * Writes weights as F32 or F16, for Hugging Face to read. The bytes depend on the arguments alone: tensors and metadata
     * are sorted by name, and the tensors start at a multiple of 8 bytes.
     *
     * @param dtype F32, or F16: every value becomes the nearest of that format
     * @param metadata strings for the header; {@code format: pt} is added, without which transformers refuses a file
     * @throws UncheckedIOException when it cannot be written; an earlier file is then still there
     */
    public static void write(Path file, Map<String, FloatArray> tensors, DType dtype, Map<String, String> metadata) {
        dtype.requireFitsFloat();
        Map<String, FloatArray> sorted = new TreeMap<>(tensors);
        byte[] header = header(sorted, tensor -> dtype, FloatArray::shape, metadata);
        WholeFile.writeChannel(file, channel -> {
            writeFully(channel, ByteBuffer.wrap(header));
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (Map.Entry<String, FloatArray> tensor : sorted.entrySet()) {
                float[] data = tensor.getValue().data();
                for (int at = 0; at < data.length; at += BUFFER_BYTES / Float.BYTES) {
                    int count = Math.min(data.length - at, BUFFER_BYTES / Float.BYTES);
                    encode(file, tensor.getKey(), dtype, data, at, count, buffer.clear());
                    writeFully(channel, buffer.flip());
                }
            }
        });
    }

    private static void encode(Path file, String name, DType dtype, float[] data, int at, int count, ByteBuffer to) {
        try {
            dtype.encode(data, at, count, to);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + name + ": " + e.getMessage(), e);
        }
    }

    /**
     * Writes arrays in their own dtypes; widest first, then by name, so that every array is aligned.
     *
     * @throws IllegalArgumentException when a value is none of its integer dtype, or the dtype is BF16; F32 and F16 take the nearest
     *     value that they have
     */
    public static void writeArrays(Path file, Map<String, NumericArray> arrays, Map<String, String> metadata) {
        List<Map.Entry<String, NumericArray>> entries = new ArrayList<>(arrays.entrySet());
        entries.sort(Map.Entry.<String, NumericArray>comparingByValue(
                        (a, b) -> a.dtype().compareTo(b.dtype()))
                .thenComparing(Map.Entry.comparingByKey()));
        Map<String, NumericArray> sorted = new LinkedHashMap<>();
        entries.forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        byte[] header = header(sorted, NumericArray::dtype, NumericArray::shape, metadata);
        WholeFile.writeChannel(file, channel -> {
            writeFully(channel, ByteBuffer.wrap(header));
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (NumericArray array : sorted.values()) {
                for (double value : array.data()) {
                    array.dtype().encode(value, buffer);
                    if (buffer.remaining() < Double.BYTES) {
                        writeFully(channel, buffer.flip());
                        buffer.clear();
                    }
                }
            }
            writeFully(channel, buffer.flip());
        });
    }

    private static <T> byte[] header(
            Map<String, T> tensors, Function<T, DType> dtype, Function<T, int[]> shape, Map<String, String> metadata) {
        ObjectNode header = JsonNodeFactory.instance.objectNode();
        Map<String, String> strings = new TreeMap<>(metadata);
        strings.putIfAbsent("format", "pt");
        strings.forEach(header.putObject(SafetensorsHeader.METADATA)::put);
        long at = 0;
        for (Map.Entry<String, T> tensor : tensors.entrySet()) {
            if (tensor.getKey().equals(SafetensorsHeader.METADATA)) {
                throw new IllegalArgumentException("a tensor must not be named " + SafetensorsHeader.METADATA);
            }
            DType type = dtype.apply(tensor.getValue());
            int[] dimensions = shape.apply(tensor.getValue());
            ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", type.name());
            Arrays.stream(dimensions).forEach(entry.putArray("shape")::add);
            long end = at + FloatArray.size(dimensions) * type.bytes();
            entry.putArray("data_offsets").add(at).add(end);
            at = end;
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + 7) / 8 * 8;
        byte[] bytes = Arrays.copyOf(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(padded)
                        .array(),
                8 + padded);
        System.arraycopy(json, 0, bytes, 8, json.length);
        Arrays.fill(bytes, 8 + json.length, bytes.length, (byte) ' ');
        return bytes;
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}

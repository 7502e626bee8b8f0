package org.chirplens.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.chirplens.checkpoint.StoredTensor.Storage;
import org.chirplens.checkpoint.TensorPickle.Dict;
import org.chirplens.model.FloatArray;

/**
 * Reads what PyTorch's {@code torch.save(model.state_dict(), file)} writes: {@code .pth}, {@code pytorch_model.bin},
 * {@code adapter_model.bin}, in the zip container of today and in the one before PyTorch 1.6. Such a file holds a pickle,
 * which for Python is a program; {@link TensorPickle} understands only what builds tensors, so a file cannot make us do
 * anything else, and all that it claims is checked before memory is taken for it.
 */
public final class TorchFile {
    private static final int MAX_LISTED = 10;
    private static final String ADVICE = "save the state_dict alone: torch.save(model.state_dict(), file)";

    private TorchFile() {}

    /**
     * Reads weights: float32 as it is, float16 and bfloat16 widened. A tensor that is a view, such as a transposed one,
     * is copied into C order; names of the very same view share one array.
     *
     * @return the tensors in the order of the file
     * @throws IllegalArgumentException when the file is not a dict of such tensors, or breaks its format
     * @throws UncheckedIOException when it cannot be read
     */
    public static Map<String, FloatArray> read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            FileRange whole = FileRange.whole(channel);
            TorchContents contents = ZipDirectory.startsZip(start(whole)) ? TorchArchive.open(whole) : legacy(whole);
            Map<String, StoredTensor> tensors = tensors(contents.root());
            Map<StoredTensor, FloatArray> arrays = load(tensors, contents);
            Map<String, FloatArray> named = new LinkedHashMap<>();
            tensors.forEach((name, tensor) -> named.put(name, Objects.requireNonNull(arrays.get(tensor))));
            return named;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Whether a file starts as one of torch.save does; a safetensors file has an opening brace as its ninth byte. */
    static boolean startsTorch(FileRange file) throws IOException {
        ByteBuffer start = start(file);
        boolean safetensors = start.limit() > 8 && start.get(8) == '{';
        return !safetensors && (ZipDirectory.startsZip(start) || startsPickle(start));
    }

    private static ByteBuffer start(FileRange file) throws IOException {
        return file.part(0, Math.min(file.length(), 9), "file").bytes();
    }

    private static boolean startsPickle(ByteBuffer start) {
        return start.limit() > 1 && start.get(0) == (byte) 0x80 && start.get(1) >= 2 && start.get(1) <= 5;
    }

    private static TorchContents legacy(FileRange file) throws IOException {
        if (!startsPickle(start(file))) {
            throw new IllegalArgumentException("is not a file of torch.save: neither a zip archive nor a pickle");
        }
        return TorchLegacy.open(file);
    }

    private static Map<String, StoredTensor> tensors(Object root) {
        if (!(root instanceof Dict dict)) {
            throw new IllegalArgumentException(
                    "must hold a dict of tensors, found " + TensorPickle.kind(root.getClass()) + "; " + ADVICE);
        }
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        List<String> others = new ArrayList<>();
        for (int i = 0; i < dict.items().size(); i += 2) {
            Object key = dict.items().get(i);
            Object value = dict.items().get(i + 1);
            if (key instanceof String name && value instanceof StoredTensor tensor) {
                if (tensors.put(name, tensor) != null) {
                    throw new IllegalArgumentException("has two tensors " + TensorPickle.shown(name));
                }
            } else if (others.size() <= MAX_LISTED) {
                String name = key instanceof String text ? TensorPickle.shown(text) : TensorPickle.kind(key.getClass());
                others.add(name + " (" + TensorPickle.kind(value.getClass()) + ")");
            }
        }
        if (!others.isEmpty()) {
            String more = others.size() > MAX_LISTED ? ", ..." : "";
            throw new IllegalArgumentException("must hold a dict of tensors, found also "
                    + String.join(", ", others.subList(0, Math.min(others.size(), MAX_LISTED))) + more + "; " + ADVICE);
        }
        return tensors;
    }

    private static Map<StoredTensor, FloatArray> load(Map<String, StoredTensor> tensors, TorchContents contents)
            throws IOException {
        Map<Storage, List<StoredTensor>> views = new LinkedHashMap<>();
        Set<StoredTensor> distinct = new LinkedHashSet<>();
        tensors.forEach((name, tensor) -> {
            try {
                tensor.storage().dtype().requireFitsFloat();
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(TensorPickle.shown(name) + ": " + e.getMessage(), e);
            }
            if (distinct.add(tensor)) {
                views.computeIfAbsent(tensor.storage(), storage -> new ArrayList<>())
                        .add(tensor);
            }
        });
        requireNoMoreThanStored(distinct, contents);
        Map<StoredTensor, FloatArray> arrays = new HashMap<>();
        for (Map.Entry<Storage, List<StoredTensor>> entry : views.entrySet()) {
            FileRange bytes = Objects.requireNonNull(contents.storages().get(entry.getKey()));
            load(entry.getKey(), bytes, entry.getValue(), arrays);
        }
        return arrays;
    }

    // Views may repeat a storage's values (a stride of 0) or each other's, so a small file could ask for any memory.
    private static void requireNoMoreThanStored(Set<StoredTensor> tensors, TorchContents contents) {
        long values = tensors.stream().mapToLong(StoredTensor::count).sum();
        long stored =
                contents.storages().keySet().stream().mapToLong(Storage::values).sum();
        if (values > stored) {
            throw new IllegalArgumentException("the tensors must not have more values than are stored, " + stored
                    + ", found " + values + "; save copies of views: tensor.clone()");
        }
    }

    /** Reads a storage once, whole only where a view needs values that are not one after another. */
    private static void load(
            Storage storage, FileRange bytes, List<StoredTensor> views, Map<StoredTensor, FloatArray> arrays)
            throws IOException {
        DType dtype = storage.dtype();
        boolean direct = views.stream().allMatch(StoredTensor::isContiguous);
        if (!direct && storage.values() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("storage " + TensorPickle.shown(storage.key()) + " of "
                    + storage.values() + " values is too large for views; save copies of them: tensor.contiguous()");
        }
        float[] values = direct ? new float[0] : bytes.floats(dtype);
        for (StoredTensor view : views) {
            float[] data;
            if (direct) {
                long length = (long) view.count() * dtype.bytes();
                long start = view.count() == 0 ? 0 : view.offset() * dtype.bytes();
                data = bytes.part(start, length, "tensor").floats(dtype);
            } else {
                data = view.gather(values);
            }
            arrays.put(view, new FloatArray(view.shape(), data));
        }
    }
}

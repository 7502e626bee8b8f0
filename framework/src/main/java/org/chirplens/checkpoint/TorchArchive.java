package org.chirplens.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.chirplens.checkpoint.StoredTensor.Storage;
import org.jspecify.annotations.Nullable;

/**
 * The container of {@code torch.save} since PyTorch 1.6: a zip archive with one folder, in it {@code data.pkl} and a
 * file {@code data/KEY} for each storage.
 */
final class TorchArchive {
    private static final String PICKLE = "data.pkl";
    private static final String BYTE_ORDER = "byteorder";
    private static final String STORAGE = "data/";

    /** Further files that PyTorch writes, which tell us nothing. */
    private static final Set<String> INFORMATIVE =
            Set.of("version", ".data/serialization_id", ".format_version", ".storage_alignment");

    private TorchArchive() {}

    static TorchContents open(FileRange file) throws IOException {
        Map<String, FileRange> entries = withoutFolder(ZipDirectory.read(file));
        FileRange pickle = entries.remove(PICKLE);
        if (pickle == null) {
            throw new IllegalArgumentException("the archive has no " + PICKLE + ", so torch.save did not write it");
        }
        checkByteOrder(entries.remove(BYTE_ORDER));
        entries.keySet().removeAll(INFORMATIVE);
        if (pickle.length() > PickleBytes.MAX_LENGTH) {
            throw new IllegalArgumentException(
                    PICKLE + " must have at most " + PickleBytes.MAX_LENGTH + " bytes, found " + pickle.length());
        }
        PickleBytes bytes = new PickleBytes(pickle);
        Map<String, Storage> named = new LinkedHashMap<>();
        Object root = TensorPickle.read(bytes, named);
        if (bytes.remaining() > 0) {
            throw new IllegalArgumentException(PICKLE + " has " + bytes.remaining() + " bytes after its end");
        }
        return new TorchContents(root, storages(entries, named));
    }

    private static Map<Storage, FileRange> storages(Map<String, FileRange> entries, Map<String, Storage> named) {
        Map<Storage, FileRange> storages = new LinkedHashMap<>();
        named.forEach((key, storage) -> {
            FileRange range = entries.remove(STORAGE + key);
            if (range == null) {
                throw new IllegalArgumentException("the archive has no storage " + TensorPickle.shown(key));
            }
            storages.put(storage, range);
        });
        if (!entries.isEmpty()) {
            throw new IllegalArgumentException("the archive has files that no tensor needs: "
                    + TensorPickle.shown(String.join(", ", new TreeSet<>(entries.keySet()))));
        }
        return storages;
    }

    private static void checkByteOrder(@Nullable FileRange file) throws IOException {
        if (file == null) {
            return; // before PyTorch 2.1, whose machines were little-endian
        }
        String order = StandardCharsets.ISO_8859_1
                .decode(file.part(0, Math.min(file.length(), 16), BYTE_ORDER).bytes())
                .toString();
        if (!order.equals("little")) {
            throw new IllegalArgumentException(BYTE_ORDER + " must be little, found " + TensorPickle.shown(order)
                    + "; save it again with PyTorch");
        }
    }

    private static Map<String, FileRange> withoutFolder(Map<String, FileRange> archive) {
        Map<String, FileRange> entries = new HashMap<>();
        Set<String> folders = new TreeSet<>();
        archive.forEach((name, range) -> {
            int slash = name.indexOf('/');
            String folder = name.substring(0, Math.max(0, slash));
            String entry = name.substring(slash + 1);
            boolean expected = entry.equals(PICKLE)
                    || entry.equals(BYTE_ORDER)
                    || INFORMATIVE.contains(entry)
                    || entry.matches("data/\\w+");
            if (folder.isEmpty() || folder.equals("..") || folder.equals(".") || !expected) {
                throw new IllegalArgumentException(
                        "the archive has a file " + TensorPickle.shown(name) + ", which torch.save of a state_dict"
                                + " does not write: one folder with " + PICKLE + " and " + STORAGE + "...");
            }
            folders.add(folder);
            entries.put(entry, range);
        });
        if (folders.size() > 1) {
            throw new IllegalArgumentException(
                    "the archive must have one folder, found " + TensorPickle.shown(String.join(", ", folders)));
        }
        return entries;
    }
}

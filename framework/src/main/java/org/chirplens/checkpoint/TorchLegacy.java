package org.chirplens.checkpoint;

import java.io.IOException;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.checkpoint.StoredTensor.Storage;
import org.chirplens.checkpoint.TensorPickle.Dict;
import org.chirplens.checkpoint.TensorPickle.Sequence;

/**
 * The container of {@code torch.save} before PyTorch 1.6, still to be had with
 * {@code _use_new_zipfile_serialization=False}: pickles of a magic number, a version, a description of the machine, the
 * object, and the keys of its storages; then each storage, its number of values (8 bytes) before them.
 */
final class TorchLegacy {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final Long VERSION = 1001L;

    private TorchLegacy() {}

    static TorchContents open(FileRange file) throws IOException {
        PickleBytes in = new PickleBytes(file);
        Map<String, Storage> named = new LinkedHashMap<>();
        require(
                TensorPickle.read(in, named).equals(MAGIC)
                        && TensorPickle.read(in, named).equals(VERSION),
                "is a pickle, but not one of torch.save; save the model's state_dict with PyTorch");
        List<Object> machine =
                TensorPickle.as(Dict.class, TensorPickle.read(in, named)).items();
        boolean littleEndian = false;
        for (int key = 0; key + 1 < machine.size(); key += 2) {
            littleEndian |= machine.get(key).equals("little_endian")
                    && machine.get(key + 1).equals(true);
        }
        require(littleEndian, "little_endian must be True; save it again on such a machine");
        Object root = TensorPickle.read(in, named);
        List<Object> keys =
                TensorPickle.as(Sequence.class, TensorPickle.read(in, named)).items();
        return new TorchContents(root, storages(file, in.position(), keys, named));
    }

    private static Map<Storage, FileRange> storages(
            FileRange file, long start, List<Object> keys, Map<String, Storage> named) throws IOException {
        Map<Storage, FileRange> storages = new LinkedHashMap<>();
        long at = start;
        for (Object key : keys) {
            String name = TensorPickle.as(String.class, key);
            String what = "storage " + TensorPickle.shown(name);
            Storage storage = named.get(name);
            if (storage == null) {
                throw new IllegalArgumentException(what + " belongs to no tensor");
            }
            long values = file.part(at, Long.BYTES, what).bytes().getLong();
            require(values == storage.values(), what + " must have " + storage.values() + " values, found " + values);
            FileRange range = file.part(at + Long.BYTES, storage.bytes(), what);
            require(storages.put(storage, range) == null, what + " is there twice");
            at += Long.BYTES + storage.bytes();
        }
        require(
                storages.size() == named.size() && at == file.length(),
                "the storages must end at the file's end with all " + named.size() + " of them, found "
                        + storages.size() + " up to byte " + at + " of " + file.length());
        return storages;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}

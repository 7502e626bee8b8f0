package org.chirplens.checkpoint;

import java.util.Map;
import org.chirplens.checkpoint.StoredTensor.Storage;

/**
 * What a container of {@code torch.save} holds: the object that was saved, and where the values of its tensors are.
 *
 * @param root the object, as {@link TensorPickle} gives it
 * @param storages the bytes of every storage that the object names
 */
record TorchContents(Object root, Map<Storage, FileRange> storages) {
    TorchContents {
        storages.forEach((storage, range) -> {
            if (range.length() != storage.bytes()) {
                throw new IllegalArgumentException("storage " + TensorPickle.shown(storage.key()) + " of "
                        + storage.values() + " " + storage.dtype() + " values takes " + storage.bytes()
                        + " bytes, found " + range.length());
            }
        });
    }
}

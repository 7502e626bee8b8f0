package org.chirplens.checkpoint;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.chirplens.checkpoint.StoredTensor.Storage;
import org.chirplens.checkpoint.TensorPickle.Dict;
import org.chirplens.checkpoint.TensorPickle.None;
import org.chirplens.checkpoint.TensorPickle.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * The classes and functions of Python that a checkpoint may name. There is nothing behind them but what stands here, so
 * a pickle that names another one could not do any harm either; it is refused because it is not a checkpoint.
 */
enum TensorGlobal {
    ORDERED_DICT("collections.OrderedDict", null),
    REBUILD_TENSOR("torch._utils._rebuild_tensor_v2", null),
    REBUILD_PARAMETER("torch._utils._rebuild_parameter", null),
    FLOAT_STORAGE("torch.FloatStorage", DType.F32),
    HALF_STORAGE("torch.HalfStorage", DType.F16),
    BFLOAT16_STORAGE("torch.BFloat16Storage", DType.BF16),
    // Weights are none of the following, but a message about them should name the tensor.
    DOUBLE_STORAGE("torch.DoubleStorage", DType.F64),
    LONG_STORAGE("torch.LongStorage", DType.I64),
    INT_STORAGE("torch.IntStorage", DType.I32),
    BYTE_STORAGE("torch.ByteStorage", DType.U8),
    BOOL_STORAGE("torch.BoolStorage", DType.BOOL);

    private final String fullName;
    private final @Nullable DType dtype;

    TensorGlobal(String fullName, @Nullable DType dtype) {
        this.fullName = fullName;
        this.dtype = dtype;
    }

    static TensorGlobal of(String module, String name) {
        String wanted = module + "." + name;
        return Arrays.stream(values())
                .filter(global -> global.fullName.equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("names " + TensorPickle.shown(wanted)
                        + "; a checkpoint may name only "
                        + Arrays.stream(values()).map(global -> global.fullName).collect(Collectors.joining(", "))));
    }

    /** What a call gives; a storage's class is named but never called. */
    Object call(Tuple arguments) {
        List<Object> given = arguments.items();
        if (this == ORDERED_DICT && given.isEmpty()) {
            return new Dict();
        }
        if (this == REBUILD_TENSOR && (given.size() == 6 || given.size() == 7) && isPlain(given)) {
            return new StoredTensor(
                    TensorPickle.as(Storage.class, given.get(0)),
                    TensorPickle.as(Long.class, given.get(1)),
                    integers(given.get(2)),
                    integers(given.get(3)));
        }
        if (this == REBUILD_PARAMETER && given.size() == 3) {
            return TensorPickle.as(StoredTensor.class, given.get(0));
        }
        throw new IllegalArgumentException(
                fullName + " must be called as PyTorch does, found " + given.size() + " arguments");
    }

    /** The storage of a persistent id: {@code ("storage", class, key, device, number of values)}. */
    static Storage storage(Object id) {
        List<Object> fields = TensorPickle.as(Tuple.class, id).items();
        // The older format adds what PyTorch before 0.4 called a view of a storage, or nothing.
        boolean plain = fields.size() == 5 || (fields.size() == 6 && fields.get(5) == None.NONE);
        if (!plain || !fields.get(0).equals("storage")) {
            throw new IllegalArgumentException("a persistent id must be a storage");
        }
        TensorGlobal type = TensorPickle.as(TensorGlobal.class, fields.get(1));
        if (type.dtype == null) {
            throw new IllegalArgumentException("a storage must be of a storage's class, found " + type.fullName);
        }
        String key = TensorPickle.as(String.class, fields.get(2));
        return new Storage(key, type.dtype, TensorPickle.as(Long.class, fields.get(4)));
    }

    // Arguments 4 and 5 are training's business. A seventh could ask for the negated or conjugated values.
    private static boolean isPlain(List<Object> given) {
        return given.size() == 6
                || given.get(6) == None.NONE
                || (given.get(6) instanceof Dict dict && dict.items().isEmpty());
    }

    private static List<Long> integers(Object tuple) {
        return TensorPickle.as(Tuple.class, tuple).items().stream()
                .map(item -> TensorPickle.as(Long.class, item))
                .toList();
    }
}

package org.chirplens.checkpoint;

import java.util.List;

/**
 * A tensor as PyTorch stores it: a view into a storage. Element (i, j, ...) is value
 * {@code offset + i * strides[0] + j * strides[1] + ...} of the storage, so a view may be transposed, or repeat values.
 *
 * @param storage where the values are
 * @param offset the first element's place in the storage
 * @param sizes the dimensions
 * @param strides the distance in the storage from one index to the next, for each dimension
 */
record StoredTensor(Storage storage, long offset, List<Long> sizes, List<Long> strides) {
    /** More than any layer of a model has. */
    private static final int MAX_RANK = 8;

    /**
     * A row of values in the file.
     *
     * @param key its name in the file
     * @param dtype how its values are stored
     * @param values how many there are
     */
    record Storage(String key, DType dtype, long values) {
        Storage {
            if (values < 0 || values > Long.MAX_VALUE / dtype.bytes()) {
                throw new IllegalArgumentException("a storage must have 0 values or more, found " + values);
            }
        }

        long bytes() {
            return values * dtype.bytes();
        }
    }

    StoredTensor {
        sizes = List.copyOf(sizes);
        strides = List.copyOf(strides);
        boolean negative = offset < 0
                || sizes.stream().anyMatch(size -> size < 0 || size > Integer.MAX_VALUE)
                || strides.stream().anyMatch(stride -> stride < 0);
        if (negative || sizes.size() != strides.size() || sizes.size() > MAX_RANK) {
            throw new IllegalArgumentException("a tensor must have an offset and, for each of at most " + MAX_RANK
                    + " dimensions, a size and a stride, none negative, found " + describe(offset, sizes, strides));
        }
        try {
            // The last element is the farthest, as strides are not negative.
            long last = offset;
            long count = 1;
            for (int i = 0; i < sizes.size(); i++) {
                last = Math.addExact(last, Math.multiplyExact(Math.max(0, sizes.get(i) - 1), strides.get(i)));
                count = Math.multiplyExact(count, sizes.get(i));
            }
            if (count > 0 && last >= storage.values()) {
                throw new IllegalArgumentException(describe(offset, sizes, strides) + " reaches value " + last
                        + " of storage " + storage.key() + ", which has " + storage.values());
            }
            Math.toIntExact(count);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(describe(offset, sizes, strides) + " is too large", e);
        }
    }

    int count() {
        int count = 1;
        for (long size : sizes) {
            count *= (int) size;
        }
        return count;
    }

    int[] shape() {
        return sizes.stream().mapToInt(Math::toIntExact).toArray();
    }

    /** Whether the elements, in C order, lie one after another in the storage. */
    boolean isContiguous() {
        long expected = 1;
        for (int i = sizes.size() - 1; i >= 0; i--) {
            if (sizes.get(i) != 1 && strides.get(i) != expected) {
                return false;
            }
            expected *= sizes.get(i);
        }
        return true;
    }

    /** The elements in C order, picked from all values of the storage. */
    float[] gather(float[] values) {
        float[] data = new float[count()];
        long[] index = new long[sizes.size()];
        long at = offset;
        for (int i = 0; i < data.length; i++) {
            data[i] = values[(int) at];
            for (int d = index.length - 1; d >= 0; d--) {
                index[d]++;
                at += strides.get(d);
                if (index[d] < sizes.get(d)) {
                    break;
                }
                at -= strides.get(d) * index[d];
                index[d] = 0;
            }
        }
        return data;
    }

    private static String describe(long offset, List<Long> sizes, List<Long> strides) {
        return "a tensor with offset " + offset + ", sizes " + sizes + ", strides " + strides;
    }
}

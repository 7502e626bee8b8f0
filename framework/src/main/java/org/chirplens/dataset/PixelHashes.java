package org.chirplens.dataset;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.chirplens.figure.RgbImage;

/** 16 bytes for each image of a set: equal pixels have equal ones, and others differ but for a chance of 2^-128. */
final class PixelHashes {
    private final long[] high;
    private final long[] low;
    private final BitSet known = new BitSet();

    PixelHashes(int size) {
        high = new long[size];
        low = new long[size];
    }

    /** Notes an image; may be called from several threads. */
    void put(int index, RgbImage image) {
        ByteBuffer hash = hash(image);
        synchronized (this) {
            high[index] = hash.getLong();
            low[index] = hash.getLong();
            known.set(index);
        }
    }

    /** Whether an image was noted. */
    synchronized boolean has(int index) {
        return known.get(index);
    }

    private static ByteBuffer hash(RgbImage image) {
        try {
            // Speed counts here, and nobody makes images with equal hashes by intent.
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(ByteBuffer.allocate(8)
                    .putInt(image.width())
                    .putInt(image.height())
                    .array());
            return ByteBuffer.wrap(md5.digest(image.rgb()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    /** The indices of images with equal pixels, together and in ascending order; those that equal no other are left out. */
    synchronized List<int[]> groups() {
        List<Integer> sorted = known.stream()
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(i -> high[i])
                        .thenComparingLong(i -> low[i])
                        .thenComparingInt(i -> i))
                .toList();
        List<int[]> groups = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= sorted.size(); to++) {
            if (to == sorted.size() || !equal(sorted.get(from), sorted.get(to))) {
                if (to - from > 1) {
                    groups.add(
                            sorted.subList(from, to).stream().mapToInt(i -> i).toArray());
                }
                from = to;
            }
        }
        groups.sort(Comparator.comparingInt(group -> group[0]));
        return groups;
    }

    private boolean equal(int a, int b) {
        return high[a] == high[b] && low[a] == low[b];
    }
}

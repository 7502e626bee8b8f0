package org.chirplens.dataset;

import java.util.Map;
import java.util.TreeMap;
import org.chirplens.figure.RgbImage;

/** Decodes every image of a set once, in parallel, and keeps hashes, sizes and problems; no pixels stay in memory. */
final class ImageScan {
    private final int[] indices;
    private final ListedImages images;
    private final Visitor visitor;
    private final Runnable step;
    private final Map<String, Integer> sizes = new TreeMap<>();
    private final Map<String, Integer> modes = new TreeMap<>();
    private final Map<Integer, String> problems = new TreeMap<>();

    /** Is given each image that could be decoded, from several threads. */
    @FunctionalInterface
    interface Visitor {
        void image(int index, RgbImage image);
    }

    /**
     * What was seen.
     *
     * @param sizes how many images there are of each size, such as {@code 640x480}
     * @param modes how many store their pixels in each way
     * @param problems by index, what keeps an image from being decoded
     */
    record Seen(Map<String, Integer> sizes, Map<String, Integer> modes, Map<Integer, String> problems) {}

    private ImageScan(int[] indices, ListedImages images, Visitor visitor, Runnable step) {
        this.indices = indices;
        this.images = images;
        this.visitor = visitor;
        this.step = step;
    }

    /**
     * Decodes images.
     *
     * @param indices which
     * @param images the set that they are of
     * @param step called after each image, never from two threads at once
     */
    static Seen of(int[] indices, ListedImages images, int threads, Visitor visitor, Runnable step) {
        return new ImageScan(indices, images, visitor, step).run(threads);
    }

    private Seen run(int threads) {
        ParallelLoop.run(indices.length, threads, i -> look(indices[i]));
        return new Seen(sizes, modes, problems);
    }

    private void look(int index) {
        String place = images.place(index);
        ListedImages.Decoded decoded;
        try {
            decoded = images.read(index);
        } catch (RuntimeException | OutOfMemoryError e) {
            // Whatever a damaged file makes the decoder do, the others are still looked at.
            String text = String.valueOf(e.getMessage());
            synchronized (this) {
                problems.put(index, text.startsWith(place) ? text : place + ": cannot be decoded: " + e);
                step.run();
            }
            return;
        }
        RgbImage image = decoded.image();
        visitor.image(index, image);
        synchronized (this) {
            sizes.merge(image.width() + "x" + image.height(), 1, Integer::sum);
            modes.merge(decoded.mode(), 1, Integer::sum);
            step.run();
        }
    }
}

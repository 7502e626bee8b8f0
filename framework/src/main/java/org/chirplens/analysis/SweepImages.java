package org.chirplens.analysis;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.chirplens.dataset.Batch;
import org.chirplens.dataset.BatchReader;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.Selection;

/** The preprocessed images of a sweep by position, {@code 0} to {@code size() - 1}: streamed, or in memory. */
interface SweepImages {
    int size();

    /** Standardised labels [images][targets]. */
    float[][] labels();

    /** Batches of images; closing it ends the reading. */
    interface Batches extends Iterator<Batch>, AutoCloseable {
        @Override
        void close();
    }

    /** Reads images in the given order of positions. */
    Batches read(int[] positions, int batchSize);

    /** The images of a selection, read or drawn as they are needed. */
    static SweepImages of(Selection selection, int imageSize) {
        return new SweepImages() {
            @Override
            public int size() {
                return selection.size();
            }

            @Override
            public float[][] labels() {
                return selection.labels();
            }

            @Override
            public Batches read(int[] positions, int batchSize) {
                BatchReader reader = selection.reordered(positions).batches(0, batchSize, imageSize);
                return new Batches() {
                    @Override
                    public boolean hasNext() {
                        return reader.hasNext();
                    }

                    @Override
                    public Batch next() {
                        return reader.next();
                    }

                    @Override
                    public void close() {
                        reader.close();
                    }
                };
            }
        };
    }

    /** Images in memory: pixels [images, 3, imageSize, imageSize]. */
    static SweepImages of(float[] pixels, float[][] labels, int imageSize) {
        int length = Preprocessing.length(imageSize);
        return new SweepImages() {
            @Override
            public int size() {
                return labels.length;
            }

            @Override
            public float[][] labels() {
                return labels;
            }

            @Override
            public Batches read(int[] positions, int batchSize) {
                return new Batches() {
                    private int next;

                    @Override
                    public boolean hasNext() {
                        return next < positions.length;
                    }

                    @Override
                    public Batch next() {
                        if (!hasNext()) {
                            throw new NoSuchElementException("all images have been read");
                        }
                        int[] members =
                                Arrays.copyOfRange(positions, next, Math.min(next + batchSize, positions.length));
                        next += members.length;
                        float[] own = new float[members.length * length];
                        for (int i = 0; i < members.length; i++) {
                            System.arraycopy(pixels, members[i] * length, own, i * length, length);
                        }
                        return new Batch(members, own);
                    }

                    @Override
                    public void close() {
                        // Nothing is held beyond the caller's array.
                    }
                };
            }
        };
    }
}

package org.chirplens.statistics;

/**
 * What each image adds to some sums: a table of images by fields. It need not be in memory as a whole; values are asked for
 * several times, by several threads, and must always be the same.
 */
public interface Terms {
    /** Rows of the table, at least one. */
    int images();

    /** Columns of the table. */
    int fields();

    /** Puts what an image adds to the fields {@code first}, {@code first + 1} and so on, as many as there is room for. */
    void put(int image, int first, double[] into);

    /** A table in memory, [images][fields]. */
    static Terms of(double[][] rows) {
        if (rows.length == 0) {
            throw new IllegalArgumentException("there must be at least one image to resample, found none");
        }
        return new Terms() {
            @Override
            public int images() {
                return rows.length;
            }

            @Override
            public int fields() {
                return rows[0].length;
            }

            @Override
            public void put(int image, int first, double[] into) {
                System.arraycopy(rows[image], first, into, 0, into.length);
            }
        };
    }
}

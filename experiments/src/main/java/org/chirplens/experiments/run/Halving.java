package org.chirplens.experiments.run;

import java.util.function.IntFunction;
import org.chirplens.experiments.cli.ProgressLine;
import org.tensorflow.exceptions.TFResourceExhaustedException;

/** Work that takes smaller batches when memory runs out: how much one takes on a GPU is known only roughly. */
final class Halving {
    private Halving() {}

    /**
     * Does the work with batches of a size, or of half that size, and so on, until they fit into memory. What was done with batches
     * that did not fit is done again, unless the work keeps it.
     *
     * @param size to begin with
     * @param least the smallest size to try
     * @param unit what the size counts
     * @param line where it is told
     * @throws TFResourceExhaustedException when the smallest batches do not fit either
     */
    static <T> T until(int size, int least, String unit, ProgressLine line, IntFunction<T> work) {
        int now = size;
        while (true) {
            try {
                return work.apply(now);
            } catch (TFResourceExhaustedException e) {
                if (now / 2 < least) {
                    throw e;
                }
                now /= 2;
                line.warn("out of memory; going on with " + now + " " + unit + " at once");
            }
        }
    }
}

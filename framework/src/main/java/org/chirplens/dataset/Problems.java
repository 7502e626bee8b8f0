package org.chirplens.dataset;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a data set, so that one message names the first few problems and counts the rest. */
final class Problems {
    private static final int SHOWN = 3;

    private final List<String> first = new ArrayList<>();
    private int count;

    void add(String problem) {
        count++;
        if (first.size() < SHOWN) {
            first.add(problem);
        }
    }

    /** @throws IllegalArgumentException when there are any */
    void throwIfAny() {
        if (count > 0) {
            String more = count > first.size() ? "; and " + (count - first.size()) + " more problems like these" : "";
            throw new IllegalArgumentException(String.join("; ", first) + more);
        }
    }
}

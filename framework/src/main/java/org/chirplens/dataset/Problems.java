package org.chirplens.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with a data set, so that one message names the first few problems and counts the rest. */
final class Problems {
    private static final int SHOWN = 3;

    private final List<String> all = new ArrayList<>();

    /**
     * Looks at some images, several at a time.
     *
     * @param problemOf what is wrong with an image; null when nothing is
     * @throws IllegalArgumentException when anything is wrong with any
     */
    static void requireNone(IntStream indices, IntFunction<@Nullable String> problemOf) {
        Problems problems = new Problems();
        indices.parallel().mapToObj(problemOf).filter(Objects::nonNull).toList().forEach(problems::add);
        problems.throwIfAny();
    }

    void add(String problem) {
        all.add(problem);
    }

    /** Every problem, in the order in which they were found. */
    List<String> all() {
        return all;
    }

    /** @throws IllegalArgumentException when there are any */
    void throwIfAny() {
        if (!all.isEmpty()) {
            List<String> first = all.subList(0, Math.min(SHOWN, all.size()));
            String more = all.size() > SHOWN ? "; and " + (all.size() - SHOWN) + " more problems like these" : "";
            throw new IllegalArgumentException(String.join("; ", first) + more);
        }
    }
}

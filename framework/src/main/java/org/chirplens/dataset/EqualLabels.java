package org.chirplens.dataset;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.chirp.Chirp;
import org.jspecify.annotations.Nullable;

/** Finds equal label rows of a set, and of another one, whose rows count on from the first one's size. */
record EqualLabels(ListedDirectory data, @Nullable ListedDirectory other) {
    /** The indices of rows with equal labels, together and in ascending order; rows that equal no other are left out. */
    List<int[]> groups() {
        Map<Chirp, List<Integer>> rows = new LinkedHashMap<>();
        add(data, 0, rows);
        if (other != null) {
            add(other, data.size(), rows);
        }
        List<int[]> groups = new ArrayList<>();
        for (List<Integer> group : rows.values()) {
            if (group.size() > 1) {
                groups.add(group.stream().mapToInt(i -> i).toArray());
            }
        }
        return groups;
    }

    private static void add(ListedDirectory set, int from, Map<Chirp, List<Integer>> rows) {
        for (int i = 0; i < set.rows().size(); i++) {
            Chirp chirp = set.label(i);
            if (chirp != null) {
                rows.computeIfAbsent(chirp, key -> new ArrayList<>(1)).add(from + i);
            }
        }
    }
}

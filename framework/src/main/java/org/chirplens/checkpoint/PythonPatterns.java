package org.chirplens.checkpoint;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Matches the regular expressions of one settings file, which are Python's and may be hostile: their number, their
 * length and the work of all of them together are bounded, so that none can hang. Following all ways to match at once,
 * as Thompson did (1968, CACM 11, 419), takes a time that grows with the product of the lengths, where backtracking may
 * take forever.
 */
final class PythonPatterns {
    private static final int MAX_PATTERNS = 10_000;
    private static final int MAX_WORK = 20_000_000;

    private final Map<String, PythonPattern> parsed = new HashMap<>();
    private int work;

    /** Python's {@code re.fullmatch}. */
    boolean fullMatch(String regex, String text) {
        return ends(regex, text).get(text.length());
    }

    /** Python's {@code re.match}: from the start on, but not necessarily to the end. */
    boolean match(String regex, String text) {
        return !ends(regex, text).isEmpty();
    }

    private BitSet ends(String regex, String text) {
        PythonPattern pattern = parsed.get(regex);
        if (pattern == null) {
            if (parsed.size() == MAX_PATTERNS) {
                throw new IllegalArgumentException("at most " + MAX_PATTERNS + " regular expressions can be matched");
            }
            pattern = PythonPattern.parse(regex);
            parsed.put(regex, pattern);
        }
        BitSet start = new BitSet();
        start.set(0);
        return pattern.ends(text, start, () -> {
            if (++work > MAX_WORK) {
                throw new IllegalArgumentException(
                        "a regular expression must not take that long to match, found " + regex);
            }
        });
    }
}

package org.chirplens.checkpoint;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Matches the regular expressions of one settings file, which are Python's and may be hostile: their length and the
 * characters that all of them together may look at are bounded, so that none can hang.
 */
final class PythonPatterns {
    private static final int MAX_LENGTH = 1000;
    private static final int MAX_WORK = 100_000_000;

    /** Repetitions by number: looking at no character, they would not be counted as work. */
    private static final Pattern COUNTED = Pattern.compile("\\{(\\d*)(,(\\d*))?\\}");

    private static final int MAX_COUNTED = 4;
    private static final int MAX_DIGITS = 2;

    private final Map<String, Pattern> compiled = new HashMap<>();
    private int work;

    /** Python's {@code re.fullmatch}. */
    boolean fullMatch(String regex, String text) {
        return matcher(regex, text).matches();
    }

    /** Python's {@code re.match}: from the start on, but not to the end. */
    boolean match(String regex, String text) {
        return matcher(regex, text).lookingAt();
    }

    private Matcher matcher(String regex, String text) {
        return compiled.computeIfAbsent(regex, PythonPatterns::compile).matcher(new Counted(regex, text));
    }

    private static Pattern compile(String regex) {
        if (regex.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a regular expression must have at most " + MAX_LENGTH + " characters, found " + regex.length());
        }
        Matcher counted = COUNTED.matcher(regex);
        int count = 0;
        while (counted.find()) {
            String most = counted.group(3) == null ? counted.group(1) : counted.group(3);
            if (++count > MAX_COUNTED
                    || most.length() > MAX_DIGITS
                    || counted.group(1).length() > MAX_DIGITS) {
                throw new IllegalArgumentException("a regular expression must have at most " + MAX_COUNTED
                        + " repetitions by number and these at most 99 times, found " + regex);
            }
        }
        // Java takes && within a class for an intersection; Python has none.
        if (regex.contains("&&")) {
            throw new IllegalArgumentException("a regular expression with && is not supported, found " + regex);
        }
        try {
            return Pattern.compile(regex.replace("(?P<", "(?<").replaceAll("\\(\\?P=(\\w+)\\)", "\\\\k<$1>"));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "is not a regular expression that can be matched: " + regex + ": " + e.getDescription(), e);
        }
    }

    /** A text that counts how often it is looked at. */
    private final class Counted implements CharSequence {
        private final String regex;
        private final String text;

        private Counted(String regex, String text) {
            this.regex = regex;
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++work > MAX_WORK) {
                throw new IllegalArgumentException(
                        "a regular expression must not take that long to match, found " + regex);
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(regex, text.substring(start, end));
        }

        @Override
        public String toString() {
            return text;
        }
    }
}

package org.chirplens.dataset;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a data set that one process writes, while others write the other parts.
 *
 * @param number which part, from 1
 * @param count into how many contiguous parts of almost equal size the data set is divided
 */
public record Shard(int number, int count) {
    /** All of a data set. */
    public static final Shard WHOLE = new Shard(1, 1);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})/(\\d{1,9})");

    public Shard {
        if (number < 1 || number > count) {
            throw rule(number + "/" + count);
        }
    }

    /**
     * Reads {@code 2/3}.
     *
     * @throws IllegalArgumentException when the text is something else
     */
    public static Shard parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw rule(text);
        }
        return new Shard(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
    }

    private static IllegalArgumentException rule(String found) {
        return new IllegalArgumentException("shard must be K/N with 1 <= K <= N, found " + found);
    }

    /** The first of {@code total} things that belongs to this part. */
    int start(int total) {
        return (int) ((long) total * (number - 1) / count);
    }

    /** The first of {@code total} things that comes after this part. */
    int end(int total) {
        return (int) ((long) total * number / count);
    }
}

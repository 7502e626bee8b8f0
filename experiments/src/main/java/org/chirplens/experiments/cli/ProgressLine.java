package org.chirplens.experiments.cli;

import java.util.Locale;

/**
 * One live line about a piece of work: how much is done, how fast, how long it still takes. On a terminal the line is
 * rewritten in place; elsewhere a full line appears every ten seconds and at the end. May be fed by several threads.
 */
public final class ProgressLine implements AutoCloseable {
    private static final long REWRITE_NANOS = 100_000_000L;
    private static final long REPEAT_NANOS = 10_000_000_000L;

    private final Console console;
    private final String label;
    private final String unit;
    private final long start = System.nanoTime();
    private long firstDone = -1;
    private long lastShown;
    private String line = "";
    private boolean shown = true;
    private int width;

    ProgressLine(Console console, String label, String unit) {
        this.console = console;
        this.label = label;
        this.unit = unit;
        this.lastShown = start - (console.terminal() ? REWRITE_NANOS : 0);
    }

    /** So much is done; rate and time left are estimated from this object's start. */
    public void update(long done, long total) {
        update(done, total, "");
    }

    /** So much is done; a note is shown at the end of the line. */
    public synchronized void update(long done, long total, String note) {
        if (firstDone < 0) {
            // What a resumed work had already done says nothing about the rate.
            firstDone = done > 1 && System.nanoTime() - start < REWRITE_NANOS ? done : 0;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double rate = (done - firstDone) / Math.max(seconds, 1e-9);
        double left = rate > 0 ? (total - done) / rate : Double.NaN;
        update(done, total, rate, left, note);
    }

    /** So much is done at a rate (per second) and with a time left (seconds) that the caller has measured. */
    public synchronized void update(long done, long total, double rate, double secondsLeft, String note) {
        StringBuilder text =
                new StringBuilder(label).append(String.format(Locale.ROOT, "  %,d/%,d %s", done, total, unit));
        if (rate > 0) {
            text.append(String.format(Locale.ROOT, rate < 10 ? "  %.1f/s" : "  %,.0f/s", rate));
        }
        if (done < total && Double.isFinite(secondsLeft)) {
            text.append("  ").append(duration(secondsLeft)).append(" left");
        }
        line = note.isEmpty() ? text.toString() : text.append("  ").append(note).toString();
        shown = false;
        long now = System.nanoTime();
        if (now - lastShown >= (console.terminal() ? REWRITE_NANOS : REPEAT_NANOS)) {
            show(now);
        }
    }

    /** Puts a line above the live one, such as the outcome of a part of the work. */
    public synchronized void message(String text) {
        if (console.quiet()) {
            return;
        }
        clear();
        shown = true;
        console.err().println(text);
    }

    /** Tells above the live line what the user should know even when quiet. */
    public synchronized void warn(String text) {
        clear();
        console.warn(text);
    }

    /** Takes the live line off the terminal, where a result is about to be printed; the next update brings it back. */
    public synchronized void clear() {
        if (console.terminal() && width > 0 && !console.quiet()) {
            console.err().print("\r" + " ".repeat(width) + "\r");
            console.err().flush();
        }
        width = 0;
    }

    /** Ends the work: the last state stays on the screen as a line of its own. */
    @Override
    public synchronized void close() {
        if (!shown) {
            show(System.nanoTime());
        }
        if (console.terminal() && width > 0 && !console.quiet()) {
            console.err().println();
        }
        width = 0;
    }

    private void show(long now) {
        lastShown = now;
        shown = true;
        if (console.quiet()) {
            return;
        }
        if (console.terminal()) {
            console.err().print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            console.err().flush();
            width = line.length();
        } else {
            console.err().println(line);
        }
    }

    /** {@code 7 s}, {@code 2:05 min} or {@code 1:02:05 h}. */
    public static String duration(double seconds) {
        long s = Math.round(seconds);
        if (s < 60) {
            return s + " s";
        }
        if (s < 3600) {
            return String.format(Locale.ROOT, "%d:%02d min", s / 60, s % 60);
        }
        return String.format(Locale.ROOT, "%d:%02d:%02d h", s / 3600, s % 3600 / 60, s % 60);
    }
}

package org.chirplens.experiments.sweep;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.chirplens.experiments.cli.Console;
import org.chirplens.experiments.cli.ProgressLine;

/**
 * The live line of a sweep: trials done, time left for all, and what each running trial is doing, in the words of its own
 * progress line. Safe for threads.
 */
final class SweepProgress implements AutoCloseable {
    private static final int MOST_OF_NOTE = 96;

    private final Console console;
    private final ProgressLine line;
    private final int total;
    private final Map<String, String> running = new LinkedHashMap<>();
    private final Set<String> begunBefore = new HashSet<>();
    private int done;
    /** Trials that this process has run from their beginning to their end, and since when. */
    private int whole;

    private long start = System.nanoTime();
    private long lastEnd = start;

    /** @param done trials that are done before the sweep goes on */
    SweepProgress(Console console, int done, int total) {
        this.console = console;
        this.line = console.progress("sweep", "trials");
        this.done = done;
        this.total = total;
        show();
    }

    /** A console whose progress becomes the note of a trial. */
    Console consoleOf(String trial) {
        PrintStream notes = new PrintStream(new LastLine(text -> note(trial, text)), false, StandardCharsets.UTF_8);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new Console(nowhere, notes, false, false, true);
    }

    private synchronized void note(String trial, String text) {
        if (running.containsKey(trial)) {
            running.put(trial, text);
            show();
        }
    }

    /** @param before whether another process has done a part of the trial, so that its time tells nothing of others */
    synchronized void begin(String trial, boolean before) {
        running.put(trial, "");
        if (before) {
            begunBefore.add(trial);
        }
        show();
    }

    /** A trial has ended, as a message above the live line tells. */
    synchronized void end(String trial, String message) {
        running.remove(trial);
        done++;
        lastEnd = System.nanoTime();
        if (!begunBefore.contains(trial)) {
            whole++;
        } else if (whole == 0) {
            start = lastEnd;
        }
        line.message("[" + done + "/" + total + "] " + trial + ": " + message);
        show();
    }

    /** As {@link #end}, for what the user should know even when quiet. */
    synchronized void fail(String trial, String reason) {
        if (console.quiet()) {
            console.warn(trial + ": failed: " + reason);
        }
        end(trial, "failed: " + reason);
    }

    /** Tells above the live line what the user should know even when quiet. */
    synchronized void warn(String text) {
        line.warn(text);
    }

    private synchronized void show() {
        line.update(done, total, 0, secondsLeft(), notes());
    }

    /** From the mean time of the trials that this process has run whole; NaN before there is one. */
    private double secondsLeft() {
        if (whole == 0) {
            return Double.NaN;
        }
        double each = (lastEnd - start) / 1e9 / whole;
        return Math.max(0, each * (total - done) - (System.nanoTime() - lastEnd) / 1e9);
    }

    private String notes() {
        int room = MOST_OF_NOTE / Math.max(1, running.size());
        StringBuilder text = new StringBuilder();
        running.forEach((trial, note) -> {
            String of = note.isEmpty() ? trial : trial + ": " + note;
            text.append(text.isEmpty() ? "" : " | ")
                    .append(of, 0, Math.min(of.length(), Math.max(room, trial.length())));
        });
        return text.toString();
    }

    @Override
    public void close() {
        line.close();
    }

    /** Hands on the last line that was written, however it ends: a progress line is rewritten in place. */
    private static final class LastLine extends OutputStream {
        private final Consumer<String> lines;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        LastLine(Consumer<String> lines) {
            this.lines = lines;
        }

        @Override
        public synchronized void write(int b) {
            if (b == '\r' || b == '\n') {
                flush();
                line.reset();
            } else {
                line.write(b);
            }
        }

        @Override
        public synchronized void flush() {
            String text = line.toString(StandardCharsets.UTF_8).strip();
            if (!text.isEmpty()) {
                lines.accept(text);
            }
        }
    }
}

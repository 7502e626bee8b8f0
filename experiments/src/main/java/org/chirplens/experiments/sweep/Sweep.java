package org.chirplens.experiments.sweep;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.chirplens.experiments.cli.Console;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.config.LoadedSweep;
import org.chirplens.experiments.run.Pipeline;
import org.chirplens.experiments.run.RunDirectory;
import org.chirplens.experiments.run.RunFiles;
import org.chirplens.model.Devices;
import org.chirplens.model.SessionOptions;
import org.chirplens.report.SweepTrial;

/**
 * Runs the trials of a sweep, several at once when asked to, as threads of this process. Each has a TensorFlow session of its
 * own; all sessions share the process's one pool of compute threads, whose size decides the last bits of a result, so
 * that these do not depend on how many trials run at once. Images are opened once for all trials that share them.
 */
public final class Sweep {
    private final LoadedSweep sweep;
    private final SweepCheck.Checked checked;
    private final Pipeline.Means means;
    private final int parallel;

    private Sweep(LoadedSweep sweep, SweepCheck.Checked checked, Pipeline.Means means, int parallel) {
        this.sweep = sweep;
        this.checked = checked;
        this.means = means;
        this.parallel = parallel;
    }

    /**
     * Checks every trial, runs those that are not done, and writes tables, figures and report.
     *
     * @param directory of the sweep
     * @param resume whether the directory may hold a part of this sweep, or one with fewer values
     * @return {@link ExitCode#FAILED} when a trial failed
     * @throws IllegalArgumentException before anything is written, when a trial's config or the directory is not as it must be
     */
    public static int run(LoadedSweep sweep, Path directory, boolean resume, Invocation invocation) {
        SweepDirectory.check(directory, sweep, resume);
        SweepCheck.Checked checked = SweepCheck.of(sweep);
        int threads = sweep.trials().get(0).config().config().runtime().threads();
        SessionOptions session = invocation.session(threads);
        SweepFiles files = new SweepFiles(directory);
        for (LoadedSweep.Trial trial : sweep.trials()) {
            RunFiles run = new RunFiles(files.trial(trial.name()));
            RunDirectory.requireSamePrecision(run, session);
            RunDirectory.requireSameStart(run, checked.start(trial));
        }
        int parallel = parallel(sweep, session, checked.most(), invocation.console());
        int readers = Math.max(1, invocation.readers(threads) / parallel);
        Pipeline.Means means = new Pipeline.Means(session, readers, invocation.console(), invocation.command());
        try (SweepDirectory open = SweepDirectory.open(directory, sweep, means, parallel)) {
            Thread farewell = new Thread(() -> invocation
                    .console()
                    .warn("\nstopped; " + directory + " goes on with: " + invocation.resumeCommand()));
            Runtime.getRuntime().addShutdownHook(farewell);
            int failed;
            try {
                failed = new Sweep(sweep, checked, means, parallel).trials(open);
                open.noteEnd(failed);
                SweepReport.render(directory);
            } finally {
                Runtime.getRuntime().removeShutdownHook(farewell);
            }
            return failed == 0 ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    /** How many trials run at once: as asked, or one for every two cores, but never more than memory holds. */
    private static int parallel(LoadedSweep sweep, SessionOptions session, SweepCapacity most, Console console) {
        int asked = sweep.settings().parallel();
        int cores = session.threads() == 0 ? Runtime.getRuntime().availableProcessors() : session.threads();
        int wished = asked > 0 ? asked : onGpu(session) ? 1 : Math.max(1, cores / 2);
        int useful = Math.min(wished, sweep.trials().size());
        if (useful == 1) {
            return 1;
        }
        int fitting = onGpu(session) ? Math.min(most.trials(), most.trialsOn(Devices.list(session))) : most.trials();
        if (fitting < useful) {
            console.info(fitting + " of " + useful + " trials at once, as each may take " + most);
        }
        return Math.min(useful, fitting);
    }

    /**
     * Whether sessions take a GPU. The build for processors finds none, and is not asked: a session would fix the number of TensorFlow's
     * threads before those of the trials.
     */
    private static boolean onGpu(SessionOptions session) {
        return session.requiresGpu() || (Invocation.gpuBuild() && Devices.hasGpu(session));
    }

    /** Runs all trials that are not done; returns how many failed. */
    private int trials(SweepDirectory directory) {
        List<LoadedSweep.Trial> open = sweep.trials().stream()
                .filter(trial -> !directory.isDone(trial, sweep))
                .toList();
        int done = sweep.trials().size() - open.size();
        means.console()
                .info(String.format(
                        Locale.ROOT,
                        "%d trials, %d done before, %d at once; each: %s",
                        sweep.trials().size(),
                        done,
                        parallel,
                        String.join(
                                ", ",
                                SweepFiles.stages(sweep).stream()
                                        .map(stage -> stage.key())
                                        .toList())));
        ExecutorService workers = Executors.newFixedThreadPool(parallel, task -> {
            Thread worker = new Thread(task, "trial");
            worker.setDaemon(true);
            return worker;
        });
        try (SweepProgress progress =
                new SweepProgress(means.console(), done, sweep.trials().size())) {
            List<Future<Boolean>> ends = new ArrayList<>();
            open.forEach(trial -> ends.add(workers.submit(() -> trial(trial, directory, progress))));
            int failed = 0;
            for (Future<Boolean> end : ends) {
                failed += end.get() ? 0 : 1;
            }
            return failed;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the sweep cannot go on: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the sweep was interrupted", e);
        } finally {
            workers.shutdownNow();
        }
    }

    /** Runs one trial; false when it failed, whatever of it. */
    private boolean trial(LoadedSweep.Trial trial, SweepDirectory directory, SweepProgress progress) {
        long begin = System.nanoTime();
        Path run = directory.files().trial(trial.name());
        progress.begin(trial.name(), Files.exists(run));
        note(directory, trial, SweepFiles.RUNNING, "", progress);
        try {
            Pipeline.Means own = new Pipeline.Means(
                    means.session(), means.readers(), progress.consoleOf(trial.name()), means.command());
            Pipeline.run(trial.config(), run, SweepFiles.stages(sweep), checked.start(trial), own);
        } catch (RuntimeException | OutOfMemoryError | LinkageError e) {
            String reason = reason(e);
            note(directory, trial, SweepTrial.FAILED, reason, progress);
            progress.fail(trial.name(), reason);
            return false;
        }
        note(directory, trial, SweepTrial.DONE, "", progress);
        progress.end(trial.name(), "done in " + ProgressLine.duration((System.nanoTime() - begin) / 1e9));
        return true;
    }

    /** Notes how a trial is or ended. Where that cannot be written now, it is when the next trial is noted. */
    private static void note(
            SweepDirectory directory, LoadedSweep.Trial trial, String status, String error, SweepProgress progress) {
        try {
            directory.note(trial, status, error);
        } catch (UncheckedIOException e) {
            progress.warn(trial.name() + ": cannot be noted as " + status + " now: " + reason(e));
        }
    }

    /** Why a trial failed, in one line. */
    private static String reason(Throwable e) {
        String message = e.getMessage() == null ? "" : e.getMessage().strip().replaceAll("\\s*\\R\\s*", "; ");
        boolean told = e instanceof IllegalArgumentException || e instanceof IllegalStateException;
        return told && !message.isEmpty() ? message : (e.getClass().getSimpleName() + ": " + message).strip();
    }
}

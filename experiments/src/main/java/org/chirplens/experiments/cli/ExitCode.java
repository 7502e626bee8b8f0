package org.chirplens.experiments.cli;

/** What the process tells its caller. */
public final class ExitCode {
    /** All was done. */
    public static final int DONE = 0;
    /** Something failed on the way. */
    public static final int FAILED = 1;
    /** Wrong usage, config or input: nothing was done. */
    public static final int USAGE = 2;
    /** A check did not hold. */
    public static final int CHECK = 3;

    private ExitCode() {}
}

package org.chirplens.experiments.verify;

/** Checks need an array that the bundle lacks, or whose own line has failed. */
final class MissingInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String array;
    private final boolean failed;

    /**
     * @param array its path in the bundle
     * @param failed whether the bundle has it, but not in a state to be used
     */
    MissingInputException(String array, boolean failed) {
        super("needs " + array + (failed ? ", which FAILED" : ""));
        this.array = array;
        this.failed = failed;
    }

    String array() {
        return array;
    }

    boolean failed() {
        return failed;
    }
}

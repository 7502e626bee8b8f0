package org.chirplens.experiments.cli;

/** The command line asks for something that does not exist or lacks something that is needed. */
public final class UsageException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }
}

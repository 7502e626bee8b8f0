package org.chirplens.experiments.config;

import java.util.List;

/** A config file, or an override of it, breaks one or more rules; the message has a line for each. */
public final class ConfigException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** Joins the problems, a line each. */
    public ConfigException(List<String> problems) {
        super(String.join("\n", problems));
    }
}

package org.chirplens.experiments.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * Where a command prints.
 *
 * @param out standard output, for results alone
 * @param err standard error, for progress and messages
 * @param quiet whether progress is left out
 * @param json whether results are printed as JSON
 * @param terminal whether standard error is a terminal, where a line can be rewritten
 */
public record Console(PrintStream out, PrintStream err, boolean quiet, boolean json, boolean terminal) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Prints a part of the result. */
    public void result(String text) {
        out.println(text);
    }

    /** Prints the result as JSON. */
    public void result(JsonNode tree) {
        out.println(text(tree));
    }

    /** Prints where the result was written. */
    public void result(Path written) {
        if (json) {
            result(JsonNodeFactory.instance.objectNode().put("written", written.toString()));
        } else {
            result(written.toString());
        }
    }

    /** A tree as JSON for people and programs, for results that are printed piece by piece. */
    public static String text(JsonNode tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write the result as JSON", e);
        }
    }

    /** Tells what is going on, unless quiet. */
    public void info(String text) {
        if (!quiet) {
            err.println(text);
        }
    }

    /** Tells what the user should know even when quiet. */
    public void warn(String text) {
        err.println(text);
    }

    /** Starts the progress line of a piece of work. */
    public ProgressLine progress(String label, String unit) {
        return new ProgressLine(this, label, unit);
    }
}

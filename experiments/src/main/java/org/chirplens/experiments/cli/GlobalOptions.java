package org.chirplens.experiments.cli;

import java.util.List;
import org.apache.commons.cli.Option;

/** The options that every command understands. */
public final class GlobalOptions {
    public static final String DEVICE = "device";
    public static final String GPU_MEMORY = "gpu-memory";
    public static final String THREADS = "threads";
    public static final String PRECISION = "precision";
    public static final String QUIET = "quiet";
    public static final String JSON = "json";
    public static final String DEBUG = "debug";
    public static final String HELP = "help";

    private GlobalOptions() {}

    /** Fresh option objects, as a parse leaves its values in them. */
    public static List<Option> all() {
        return List.of(
                CommandSpec.value(
                        DEVICE,
                        "DEVICE",
                        "auto (default), cpu, gpu, gpu:N, or several GPUs that share the images: gpu:N,M"),
                CommandSpec.value(GPU_MEMORY, "MIB", "the most memory of each GPU to take; default: what is needed"),
                CommandSpec.value(THREADS, "N", "threads of TensorFlow and of image reading; default: one per core"),
                CommandSpec.value(
                        PRECISION,
                        "NAME",
                        "matrix products of inference: float32 (default), bfloat16 or float16; training has its own"
                                + " in the config"),
                CommandSpec.flag(JSON, "print the result as JSON"),
                CommandSpec.flag(QUIET, "no progress"),
                CommandSpec.flag(DEBUG, "print the stack trace of an error"),
                Option.builder("h")
                        .longOpt(HELP)
                        .desc("this help, or a command's")
                        .get());
    }
}

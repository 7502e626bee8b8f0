package org.chirplens.experiments.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.chirplens.model.Devices;
import org.chirplens.model.Precision;
import org.chirplens.model.SessionOptions;
import org.tensorflow.exceptions.TensorFlowException;

/**
 * A command line after parsing.
 *
 * @param line the parsed options and arguments
 * @param words the whole command line as given
 * @param console where the command prints
 */
public record Invocation(CommandLine line, List<String> words, Console console) {
    public Invocation {
        words = List.copyOf(words);
    }

    /** The whole command line, as one would type it. */
    public String command() {
        return "./chirplens "
                + String.join(" ", words.stream().map(Invocation::quoted).toList());
    }

    /** A word as a shell takes it for one. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** The command line that goes on with what this one began. */
    public String resumeCommand() {
        return has("resume") ? command() : command() + " --resume";
    }

    /** The positional arguments. */
    public List<String> arguments() {
        return line.getArgList();
    }

    /** Whether an option was given. */
    public boolean has(String option) {
        return line.hasOption(option);
    }

    /** The value of an option, if it was given. */
    public Optional<String> text(String option) {
        return Optional.ofNullable(line.getOptionValue(option));
    }

    /** All values of an option that may be repeated. */
    public List<String> texts(String option) {
        String[] values = line.getOptionValues(option);
        return values == null ? List.of() : Arrays.asList(values);
    }

    /** The path of an option, if it was given. */
    public Optional<Path> path(String option) {
        return text(option).map(Path::of);
    }

    /** The path of an option that the parser requires. */
    public Path requiredPath(String option) {
        return path(option).orElseThrow(() -> new UsageException("--" + option + " must be given"));
    }

    /** The integer of an option; the default when it was not given. */
    public int integer(String option, int least, int byDefault) {
        return (int) number(option, least, Integer.MAX_VALUE, byDefault);
    }

    /** The integer of an option, which may exceed an int; the default when it was not given. */
    public long number(String option, long least, long most, long byDefault) {
        return text(option)
                .map(text -> {
                    long value = parse(option, text);
                    if (value < least || value > most) {
                        throw new UsageException("--" + option + " must be "
                                + (most >= Integer.MAX_VALUE ? "at least " + least : "in [" + least + ", " + most + "]")
                                + ", found " + text);
                    }
                    return value;
                })
                .orElse(byDefault);
    }

    private static long parse(String option, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UsageException("--" + option + " must be an integer, found '" + text + "'");
        }
    }

    /**
     * Insists on global options that mean something, for commands that make no use of them, too.
     *
     * @throws UsageException for the first that does not
     */
    public void requireValid() {
        device();
        precision();
        integer(GlobalOptions.THREADS, 0, 0);
        integer(GlobalOptions.GPU_MEMORY, 1, 0);
    }

    private String device() {
        String device = text(GlobalOptions.DEVICE).orElse("auto");
        if (!device.matches("auto|cpu|gpu(:\\d+(,\\d+)*)?")) {
            throw new UsageException("--device must be auto, cpu, gpu, gpu:N or gpu:N,M, found '" + device + "'");
        }
        return device;
    }

    private Precision precision() {
        String name = text(GlobalOptions.PRECISION).orElse(Precision.FLOAT32.key());
        return Precision.of(name)
                .orElseThrow(() ->
                        new UsageException("--precision must be float32, bfloat16 or float16, found '" + name + "'"));
    }

    /**
     * Device, its memory, threads and precision as the global options say; threads fall back to the given value.
     *
     * @throws UsageException when a GPU is asked for and TensorFlow finds none
     */
    public SessionOptions session(int threadsByDefault) {
        SessionOptions options = new SessionOptions(
                device(),
                integer(GlobalOptions.THREADS, 0, threadsByDefault),
                precision(),
                integer(GlobalOptions.GPU_MEMORY, 1, 0));
        if (options.requiresGpu()) {
            requireGpu(options);
        } else if (options.device().equals("auto") && gpuBuild() && !Devices.hasGpu(options)) {
            console.warn("no GPU found, computing on the processor; ./chirplens doctor tells what is missing");
        }
        return options;
    }

    /** Whether this is TensorFlow's build for GPUs, as the launcher was told. */
    public static boolean gpuBuild() {
        String build = System.getenv("CHIRPLENS_GPU");
        return build != null && !build.isEmpty() && !build.equals("0");
    }

    private static void requireGpu(SessionOptions options) {
        boolean found;
        try {
            found = Devices.hasGpu(options);
        } catch (TensorFlowException e) {
            throw new UsageException("--device " + options.device() + ": " + e.getMessage());
        }
        if (!found) {
            throw new UsageException("--device " + options.device() + " needs a GPU that TensorFlow finds, found none; "
                    + "./chirplens doctor tells what is missing, and --device auto would take the processor");
        }
    }

    /** Threads for reading and drawing images: as the options say, else one per core. */
    public int readers(int threadsByDefault) {
        int threads = integer(GlobalOptions.THREADS, 0, threadsByDefault);
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }
}

package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.Console;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.model.Devices;
import org.chirplens.model.SessionOptions;
import org.tensorflow.TensorFlow;

/** Says what this machine offers and what is missing for its GPU. */
final class DoctorCommand {
    /** Width of the column of names. */
    private static final int LABEL = 16;

    /** What is there when the system has loaded NVIDIA's driver: of Linux, and of Linux within Windows. */
    private static final List<Path> LOADED = List.of(Path.of("/proc/driver/nvidia/version"), Path.of("/dev/dxg"));

    private DoctorCommand() {}

    static CommandSpec spec() {
        return CommandSpec.withoutArguments(
                "doctor",
                "Show TensorFlow, devices, oneDNN, cores, memory, and what the GPU lacks",
                "",
                List.of(),
                List.of("./chirplens doctor", "CHIRPLENS_GPU=1 ./chirplens doctor --json"),
                DoctorCommand::run);
    }

    private static int run(Invocation invocation) {
        Console console = invocation.console();
        ObjectNode facts = facts();
        if (console.json()) {
            console.result(facts);
            return ExitCode.DONE;
        }
        StringBuilder text = new StringBuilder();
        facts.properties()
                .forEach(fact -> text.append(String.format(
                        "%-" + LABEL + "s %s%n", fact.getKey().replace('_', ' '), describe(fact.getValue()))));
        console.result(text.toString().stripTrailing());
        return ExitCode.DONE;
    }

    private static String describe(JsonNode value) {
        if (!value.isArray()) {
            return value.asText();
        }
        List<String> parts = new ArrayList<>();
        value.forEach(part -> parts.add(part.asText()));
        return parts.isEmpty() ? "-" : String.join("\n" + " ".repeat(LABEL + 1), parts);
    }

    private static ObjectNode facts() {
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("tensorflow", TensorFlow.version());
        List<Devices.Device> devices = Devices.list(SessionOptions.defaults());
        devices.forEach(device -> facts.withArray("devices").add(describe(device)));
        facts.put("onednn", "1".equals(System.getenv("TF_ENABLE_ONEDNN_OPTS")) ? "on" : "off (TF_ENABLE_ONEDNN_OPTS)");
        facts.put("cores", Runtime.getRuntime().availableProcessors());
        facts.put("memory_gib", memoryGib());
        facts.put("heap_gib", tenths(Runtime.getRuntime().maxMemory()));
        facts.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        facts.put("native_cache", nativeCache().toString());
        gpuProblems(devices).forEach(facts.putArray("missing_for_gpu")::add);
        return facts;
    }

    private static String describe(Devices.Device device) {
        return device.isGpu() ? device.name() + " (" + tenths(device.bytes()) + " GiB)" : device.name();
    }

    private static List<String> gpuProblems(List<Devices.Device> devices) {
        List<String> missing = new ArrayList<>();
        if (devices.stream().anyMatch(Devices.Device::isGpu)) {
            return missing;
        }
        if (!Invocation.gpuBuild()) {
            missing.add("this is the CPU build of TensorFlow; "
                    + (Boolean.getBoolean("chirplens.bundle")
                            ? "pack a bundle with --gpu on the machine where this one was packed"
                            : "start with CHIRPLENS_GPU=1 (CUDA 12 and cuDNN 9 of the system) or CHIRPLENS_GPU=redist"
                                    + " (CUDA from Maven, 2.5 GB in all) for the GPU build"));
        }
        GpuLibraries libraries = GpuLibraries.ofThisMachine();
        missing.addAll(libraries.missingOfDriver(LOADED.stream().anyMatch(Files::exists)));
        if ("1".equals(System.getenv("CHIRPLENS_GPU"))) {
            missing.addAll(libraries.missing());
        }
        if (missing.isEmpty()) {
            missing.add("nothing is missing, but TensorFlow finds no GPU: see whether nvidia-smi lists one, and what"
                    + " TensorFlow says with TF_CPP_MIN_LOG_LEVEL=0");
        }
        return missing;
    }

    private static double memoryGib() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine
                ? tenths(machine.getTotalMemorySize())
                : 0;
    }

    private static double tenths(long bytes) {
        return Math.round(bytes / 107374182.4) / 10.0;
    }

    private static Path nativeCache() {
        String set = System.getProperty("org.bytedeco.javacpp.cachedir");
        return set == null ? Path.of(System.getProperty("user.home"), ".javacpp", "cache") : Path.of(set);
    }
}

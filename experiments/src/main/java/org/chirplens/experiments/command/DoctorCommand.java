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
                .forEach(fact -> text.append(
                        String.format("%-16s %s%n", fact.getKey().replace('_', ' '), describe(fact.getValue()))));
        console.result(text.toString().stripTrailing());
        return ExitCode.DONE;
    }

    private static String describe(JsonNode value) {
        if (!value.isArray()) {
            return value.asText();
        }
        List<String> parts = new ArrayList<>();
        value.forEach(part -> parts.add(part.asText()));
        return parts.isEmpty() ? "-" : String.join("; ", parts);
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
        if (!Files.exists(Path.of("/proc/driver/nvidia/version"))) {
            missing.add("no NVIDIA driver is loaded");
        }
        if (System.getenv("CHIRPLENS_GPU") == null) {
            missing.add("this is the CPU build of TensorFlow; start with CHIRPLENS_GPU=1 (CUDA 12 and cuDNN 9 of the"
                    + " system) or CHIRPLENS_GPU=redist (CUDA from Maven, 2 GB) for the GPU build");
        } else {
            missing.add(
                    "TensorFlow registers no GPU: libcudart.so.12, libcublas.so.12, libcufft.so.11, libcusolver.so.11,"
                            + " libcusparse.so.12 and libcudnn.so.9 must be on LD_LIBRARY_PATH, or start with CHIRPLENS_GPU=redist");
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

package org.chirplens.experiments.command;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What TensorFlow's GPU build opens when it looks for a GPU, and where to get it. */
final class GpuLibraries {
    private static final String DRIVER = "libcuda.so.1";

    /** Each library of CUDA 12 and cuDNN 9 with NVIDIA's Debian package of it, for CUDA 12.N. */
    private static final Map<String, String> PACKAGES = new LinkedHashMap<>();

    static {
        PACKAGES.put("libcudart.so.12", "cuda-cudart-12-N");
        PACKAGES.put("libcublas.so.12", "libcublas-12-N");
        PACKAGES.put("libcublasLt.so.12", "libcublas-12-N");
        PACKAGES.put("libcufft.so.11", "libcufft-12-N");
        PACKAGES.put("libcusolver.so.11", "libcusolver-12-N");
        PACKAGES.put("libcusparse.so.12", "libcusparse-12-N");
        PACKAGES.put("libcudnn.so.9", "libcudnn9-cuda-12");
    }

    private final List<Path> folders;
    private final String loaderCache;

    /**
     * @param folders where the loader looks first
     * @param loaderCache the loader's list of libraries, as {@code ldconfig -p} prints it
     */
    GpuLibraries(List<Path> folders, String loaderCache) {
        this.folders = folders;
        this.loaderCache = loaderCache;
    }

    /** Those of this machine. */
    static GpuLibraries ofThisMachine() {
        String path = System.getenv("LD_LIBRARY_PATH");
        List<Path> folders = path == null
                ? List.of()
                : Stream.of(path.split(File.pathSeparator))
                        .filter(folder -> !folder.isEmpty())
                        .map(Path::of)
                        .toList();
        return new GpuLibraries(folders, loaderCache());
    }

    private static String loaderCache() {
        return Stream.of("ldconfig", "/sbin/ldconfig")
                .flatMap(program -> cache(program).stream())
                .findFirst()
                .orElse("");
    }

    /** Empty where there is no such program. */
    private static Optional<String> cache(String program) {
        try {
            Process process = new ProcessBuilder(program, "-p")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return Optional.of(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    boolean has(String library) {
        return folders.stream().anyMatch(folder -> Files.exists(folder.resolve(library)))
                || loaderCache.contains("\t" + library + " ");
    }

    /**
     * A line for what is not there of NVIDIA's driver; none where nothing is missing.
     *
     * @param loaded whether the system has loaded it
     */
    List<String> missingOfDriver(boolean loaded) {
        List<String> missing = new ArrayList<>();
        boolean found = has(DRIVER);
        if (!loaded && !found) {
            missing.add("NVIDIA's driver is not loaded, and no " + DRIVER + ": install the driver, 525 or newer");
        } else if (!loaded) {
            missing.add("NVIDIA's driver is not loaded, though " + DRIVER + " is found: load it (modprobe nvidia)");
        } else if (!found) {
            missing.add(DRIVER + " is not found, though NVIDIA's driver is loaded: in a container the host's must be"
                    + " passed in, such as with --gpus all; elsewhere install the driver's libraries");
        }
        return missing;
    }

    /** A line for each library of CUDA and cuDNN that is not found: its name, its package and what to do. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        PACKAGES.forEach((library, name) -> {
            if (!has(library)) {
                missing.add(library + " is not found: install NVIDIA's package " + name
                        + ", or put its folder into LD_LIBRARY_PATH, or start with CHIRPLENS_GPU=redist");
            }
        });
        return missing;
    }
}

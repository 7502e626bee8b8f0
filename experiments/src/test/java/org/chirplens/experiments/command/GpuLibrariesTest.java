package org.chirplens.experiments.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuLibrariesTest {
    private static final String CACHE = """
            12 libs found in cache
            \tlibcudart.so.12 (libc6,x86-64) => /usr/local/cuda/lib64/libcudart.so.12
            \tlibcublas.so.12 (libc6,x86-64) => /usr/local/cuda/lib64/libcublas.so.12
            \tlibcufft.so.11 (libc6,x86-64) => /usr/local/cuda/lib64/libcufft.so.11
            \tlibcusolver.so.11 (libc6,x86-64) => /usr/local/cuda/lib64/libcusolver.so.11
            \tlibcusparse.so.12.5 (libc6,x86-64) => /usr/local/cuda/lib64/libcusparse.so.12.5
            """;

    @TempDir
    private Path folder;

    @Test
    void eachMissingLibraryIsNamedWithItsPackage() throws IOException {
        Files.createFile(folder.resolve("libcublasLt.so.12"));
        List<String> missing = new GpuLibraries(List.of(folder), CACHE).missing();
        assertThat(missing).hasSize(2);
        assertThat(missing.get(0)).contains("libcusparse.so.12 ", "libcusparse-12-N", "LD_LIBRARY_PATH");
        assertThat(missing.get(1)).contains("libcudnn.so.9 ", "libcudnn9-cuda-12");
    }

    @Test
    void nothingIsMissingWhereAllAreFound() throws IOException {
        for (String library : List.of("libcublasLt.so.12", "libcusparse.so.12", "libcudnn.so.9")) {
            Files.createFile(folder.resolve(library));
        }
        GpuLibraries libraries = new GpuLibraries(List.of(folder), CACHE);
        assertThat(libraries.missing()).isEmpty();
    }

    @Test
    void theDriverAndItsLibraryAreMissedOneByOne() throws IOException {
        GpuLibraries without = new GpuLibraries(List.of(folder), CACHE);
        assertThat(without.missingOfDriver(false).toString()).contains("not loaded", "no libcuda.so.1", "install");
        assertThat(without.missingOfDriver(true).toString()).contains("libcuda.so.1 is not found", "--gpus all");
        Files.createFile(folder.resolve("libcuda.so.1"));
        GpuLibraries with = new GpuLibraries(List.of(folder), CACHE);
        assertThat(with.missingOfDriver(false).toString()).contains("not loaded", "modprobe");
        assertThat(with.missingOfDriver(true)).isEmpty();
    }
}

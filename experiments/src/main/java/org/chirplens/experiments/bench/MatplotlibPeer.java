package org.chirplens.experiments.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.chirplens.experiments.cli.UsageException;

/**
 * The released generator's procedure in Python, drawn by matplotlib: what its images cost on this machine.
 *
 * @param cost of its images; the process tells its own times, so that starting Python is not counted
 * @param matplotlib the version
 * @param python the version
 */
public record MatplotlibPeer(Cost cost, String matplotlib, String python) {
    /**
     * What an image costs by an earlier measurement, with matplotlib 3.6.3 on a machine of two cores: 0.29 s of
     * processor time. Machines differ, so a measured peer says more.
     */
    public static final Cost RECORDED = new Cost(1, 0.29, 0.29);

    private static final String SCRIPT = "tools/matplotlib_peer.py";

    /**
     * Runs the peer.
     *
     * @param python a Python with NumPy, SciPy and matplotlib
     * @param images how many it draws
     * @throws UsageException when it cannot be run
     */
    public static MatplotlibPeer run(String python, int images) {
        Path script = Path.of(System.getProperty("chirplens.home", "."), SCRIPT);
        if (!Files.exists(script)) {
            throw new UsageException("--peer needs the script " + script + ", found no such file");
        }
        try {
            Path errors = Files.createTempFile("chirplens-peer", ".txt");
            try {
                return parse(output(List.of(python, script.toString(), Integer.toString(images)), errors));
            } finally {
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UsageException("--peer must be a Python that can be started, found " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the peer ran", e);
        }
    }

    private static String output(List<String> command, Path errors) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (code != 0) {
            List<String> lines = Files.readAllLines(errors);
            throw new UsageException("--peer must be a Python with NumPy, SciPy and matplotlib; " + command.get(0)
                    + " ended with code " + code + (lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1)));
        }
        return text;
    }

    private static MatplotlibPeer parse(String text) {
        try {
            JsonNode said = new ObjectMapper().readTree(text);
            int images = said.path("images").asInt();
            return new MatplotlibPeer(
                    new Cost(
                            images,
                            images * said.path("cpu_seconds_per_image").asDouble(),
                            images * said.path("wall_seconds_per_image").asDouble()),
                    said.path("matplotlib").asText(),
                    said.path("python").asText());
        } catch (JsonProcessingException e) {
            throw new UsageException("--peer must print the script's JSON, found " + text.strip());
        }
    }
}

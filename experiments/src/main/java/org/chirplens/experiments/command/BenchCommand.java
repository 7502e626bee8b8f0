package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chirplens.analysis.Protocol;
import org.chirplens.experiments.bench.Cost;
import org.chirplens.experiments.bench.GenerateBench;
import org.chirplens.experiments.bench.MatplotlibPeer;
import org.chirplens.experiments.bench.TrainingBench;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.cli.UsageException;
import org.chirplens.model.SessionOptions;
import org.chirplens.training.TrainingConfig;

/** Measures this machine. */
final class BenchCommand {
    private static final String GENERATE = "generate";
    private static final String TRAINING = "training";
    private static final String FORWARD = "forward";
    private static final String ABLATION = "ablation";
    private static final int IMAGES = 1000;

    /** Fewer take so little that the clock of processor time cannot tell it. */
    private static final int LEAST_IMAGES = 100;

    /** The peer takes about twenty times as long, so it gets fewer images. */
    private static final int PEER_SHARE = 20;

    private static final int LEAST_PEER_IMAGES = 10;

    private BenchCommand() {}

    static CommandSpec spec() {
        return new CommandSpec(
                "bench",
                "Measure what work costs on this machine, beside peers that do the same work",
                "\ngenerate: what an image costs as a PNG file (drawn, encoded, written, moved) and as 640 x 480 x 3 bytes"
                        + " in memory, with --threads threads, and what each stage of it costs, with one thread."
                        + " Times are processor time of the whole process, JIT compiler and garbage collector included,"
                        + " after a warm-up of as many images, at most " + GenerateBench.WARM_UP + "; other work on the"
                        + " machine raises them. 'x recorded' compares with 0.29 s for an image, measured earlier with"
                        + " matplotlib 3.6.3 on a machine of two cores, 'x peer' with matplotlib in the same run."
                        + " JSON: images, threads, png and tensor and stages {population_and_noise, smoothing, drawing,"
                        + " encoding}, each with cpu_ms, wall_ms, images_per_second_per_core and, for png and tensor,"
                        + " recorded_ratio and with --peer peer_ratio; png.mean_bytes; recorded_cpu_ms; peer {images,"
                        + " cpu_ms, wall_ms, matplotlib, python}; peak_heap_mib. Times are milliseconds for an image.\n"
                        + TrainingBenchReport.DESCRIPTION + "\n"
                        + ForwardBenchReport.DESCRIPTION + "\n"
                        + AblationBenchReport.DESCRIPTION,
                GENERATE + "|" + TRAINING + "|" + FORWARD + "|" + ABLATION,
                1,
                1,
                List.of(
                        CommandSpec.value(
                                "images",
                                "N",
                                "generate: images of each measurement, at least " + LEAST_IMAGES + "; default "
                                        + IMAGES + ". ablation: images to ablate heads on; default "
                                        + AblationBenchReport.IMAGES),
                        CommandSpec.value(
                                "peer",
                                "PYTHON",
                                "generate: a Python with NumPy, SciPy and matplotlib; it draws N/" + PEER_SHARE
                                        + " images, at least " + LEAST_PEER_IMAGES),
                        CommandSpec.value(
                                "model",
                                "DIR",
                                "training: a model whose backbone to fine-tune; default: both built-in shapes. forward,"
                                        + " ablation: a fine-tuned model; default: ViT-B/16 with random weights"),
                        CommandSpec.value(
                                "batch",
                                "N",
                                "training: images of a step. forward: images of a pass. ablation: images of a batch,"
                                        + " if memory holds them. Default " + SharedOptions.BATCH),
                        CommandSpec.value(
                                "protocol",
                                "NAME",
                                "ablation: one of " + String.join(", ", Protocol.keys()) + "; default "
                                        + Protocol.HEAD_MASK.key()),
                        CommandSpec.value(
                                "accumulate", "N", "training: parts of a step, as training.accumulate; default 1")),
                List.of(
                        "./chirplens bench generate",
                        "./chirplens bench training --json",
                        "./chirplens bench training --precision bfloat16 --batch 64",
                        "./chirplens bench generate --images 500 --peer /usr/bin/python3 --json",
                        "CHIRPLENS_PEERS=1 ./chirplens bench ablation",
                        "./chirplens bench ablation --model savedmodels/chirp-vit --images 64 --json"),
                BenchCommand::run);
    }

    private static int run(Invocation invocation) {
        String what = invocation.arguments().get(0);
        return switch (what) {
            case GENERATE -> {
                refuse(invocation, GENERATE, "model", "batch", "precision", "accumulate", "protocol");
                yield generate(invocation);
            }
            case TRAINING -> {
                refuse(invocation, TRAINING, "images", "peer", "protocol");
                yield training(invocation);
            }
            case FORWARD -> {
                refuse(invocation, FORWARD, "images", "peer", "accumulate", "protocol");
                yield ForwardBenchReport.run(invocation);
            }
            case ABLATION -> {
                refuse(invocation, ABLATION, "peer", "accumulate");
                yield AblationBenchReport.run(invocation);
            }
            default ->
                throw new UsageException("bench knows " + String.join(", ", List.of(GENERATE, TRAINING, FORWARD))
                        + " and " + ABLATION + ", found '" + what + "'");
        };
    }

    private static int training(Invocation invocation) {
        List<TrainingBenchReport.Model> models = TrainingBenchReport.models(invocation);
        List<TrainingBench.Costs> costs = new ArrayList<>();
        SessionOptions session = invocation.session(0);
        TrainingConfig config = TrainingBenchReport.config(invocation, session.precision());
        try (ProgressLine line = invocation.console().progress("measuring", "models")) {
            for (TrainingBenchReport.Model model : models) {
                line.message("measuring " + model.name());
                costs.add(TrainingBench.run(
                        model.config(),
                        model.weights(),
                        config,
                        session,
                        invocation.readers(0),
                        TrainingBench.SECONDS));
                line.update(costs.size(), models.size());
            }
        }
        if (invocation.console().json()) {
            invocation.console().result(TrainingBenchReport.json(models, costs, config));
        } else {
            invocation.console().result(TrainingBenchReport.text(models, costs, config));
        }
        return ExitCode.DONE;
    }

    private static void refuse(Invocation invocation, String what, String... options) {
        for (String option : options) {
            if (invocation.has(option)) {
                throw new UsageException("bench " + what + " has no --" + option);
            }
        }
    }

    private static int generate(Invocation invocation) {
        int images = invocation.integer("images", LEAST_IMAGES, IMAGES);
        // The peer comes first: a Python that lacks something is found before long work.
        Optional<MatplotlibPeer> peer = invocation
                .text("peer")
                .map(python -> MatplotlibPeer.run(python, Math.max(LEAST_PEER_IMAGES, images / PEER_SHARE)));
        GenerateBench.Costs costs;
        try (ProgressLine line = invocation.console().progress("measuring", "measurements")) {
            costs = GenerateBench.run(images, invocation.readers(0), line::update);
        }
        if (invocation.console().json()) {
            invocation.console().result(json(costs, peer));
        } else {
            invocation.console().result(GenerateBenchText.of(costs, peer));
        }
        return ExitCode.DONE;
    }

    private static ObjectNode json(GenerateBench.Costs costs, Optional<MatplotlibPeer> peer) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("images", costs.files().images());
        json.put("threads", costs.threads());
        compared(json.putObject("png"), costs.files(), peer).put("mean_bytes", Math.round(costs.meanFileBytes()));
        compared(json.putObject("tensor"), costs.tensors(), peer);
        ObjectNode stages = json.putObject("stages");
        cost(stages.putObject("population_and_noise"), costs.drawingChirps());
        cost(stages.putObject("smoothing"), costs.smoothing());
        cost(stages.putObject("drawing"), costs.drawing());
        cost(stages.putObject("encoding"), costs.encoding());
        json.put("recorded_cpu_ms", MatplotlibPeer.RECORDED.cpuMillis());
        peer.ifPresent(measured -> json.putObject("peer")
                .put("images", measured.cost().images())
                .put("cpu_ms", measured.cost().cpuMillis())
                .put("wall_ms", measured.cost().wallMillis())
                .put("matplotlib", measured.matplotlib())
                .put("python", measured.python()));
        json.put("peak_heap_mib", costs.peakHeapMib());
        return json;
    }

    private static ObjectNode cost(ObjectNode node, Cost cost) {
        return node.put("cpu_ms", cost.cpuMillis())
                .put("wall_ms", cost.wallMillis())
                .put("images_per_second_per_core", cost.imagesPerCoreSecond());
    }

    private static ObjectNode compared(ObjectNode node, Cost cost, Optional<MatplotlibPeer> peer) {
        cost(node, cost).put("recorded_ratio", cost.ratio(MatplotlibPeer.RECORDED));
        peer.ifPresent(measured -> node.put("peer_ratio", cost.ratio(measured.cost())));
        return node;
    }
}

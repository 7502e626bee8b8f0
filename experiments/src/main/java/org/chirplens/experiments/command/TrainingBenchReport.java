package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chirplens.checkpoint.Backbone;
import org.chirplens.experiments.bench.TrainingBench;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.TextTable;
import org.chirplens.experiments.cli.UsageException;
import org.chirplens.model.FloatArray;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Precision;
import org.chirplens.model.VitConfig;
import org.chirplens.training.InitialWeights;
import org.chirplens.training.TrainingConfig;

/** What {@code bench training} measures and how it tells. */
final class TrainingBenchReport {
    static final String DESCRIPTION =
            "training: what fine-tuning costs an image (adapters of rank 8 and regression head,"
                    + " dropout 0.1), for a small backbone (12 layers, 12 heads, hidden size 144, MLP 576, 112 pixels, patches of"
                    + " 14) and ViT-B/16, both with random weights, or for the backbone of --model; the precision of both steps and passes is that of --precision. 'whole' is drawing and"
                    + " preparing images, labels and the step; 'later' the same with images kept from an earlier epoch; 'step' the same step on tensors that are made already; 'forward' a"
                    + " forward pass of an inference graph; 'data' drawing and preparing alone. They are measured in turns, "
                    + TrainingBench.LEAST_TURNS + " times and for " + TrainingBench.SECONDS
                    + " seconds of processor time at least, and medians are told. 'not step' is the share of whole and later that is not"
                    + " the step in the same turn, with the quartiles of all turns. GFLOP are the operations of matrix products in an image's share of a step; their rate is that of the step alone. One more step, or its first"
                    + " part, is traced: which kinds of operations its time goes to. JSON: batch, accumulate, precision, models [{name, layers, hidden_size, image_size, whole, later,"
                    + " step, forward and data, each with cpu_ms and wall_ms for an image, images_per_cpu_second, forwards_per_step,"
                    + " not_step_share and later_not_step_share {lower_quartile, median, upper_quartile}, data_share, turns, gigaflop, gigaflop_per_cpu_second (on a GPU: per_second, of the time that passes), peak_memory_mib or null, "
                    + BenchFigures.PROFILE_FIELDS + "}].";

    private static final long SEED = 1;

    private TrainingBenchReport() {}

    /** A model to be measured. */
    record Model(String name, ModelConfig config, Map<String, FloatArray> weights) {
        static Model random(String name, VitConfig vit) {
            ModelConfig config = ModelConfig.fineTuned(vit, LoraConfig.released(vit));
            return new Model(name, config, InitialWeights.fromNothing(config, SEED));
        }

        static Model of(String name, Backbone backbone) {
            ModelConfig config = ModelConfig.fineTuned(backbone.config(), LoraConfig.released(backbone.config()));
            return new Model(name, config, InitialWeights.fineTuned(config, backbone.weights(), SEED));
        }
    }

    static List<Model> models(Invocation invocation) {
        return invocation
                .path("model")
                .map(path -> List.of(Model.of(path.toString(), Backbone.read(path))))
                .orElseGet(() -> List.of(
                        Model.random(
                                "small backbone",
                                new VitConfig(112, 14, 144, 12, 12, 576, VitConfig.DEFAULT_LAYER_NORM_EPS)),
                        Model.random("ViT-B/16", VitConfig.base16())));
    }

    static TrainingConfig config(Invocation invocation, Precision precision) {
        int batch = SharedOptions.batch(invocation);
        int accumulate = invocation.integer("accumulate", 1, 1);
        if (accumulate > batch) {
            throw new UsageException("--accumulate must be at most --batch " + batch + ", found " + accumulate);
        }
        return TrainingConfig.released()
                .with()
                .batchSize(batch)
                .accumulate(accumulate)
                .precision(precision)
                .build();
    }

    static String text(List<Model> models, List<TrainingBench.Costs> costs, TrainingConfig config) {
        TextTable table = new TextTable(
                "",
                "images/cpu-s",
                "whole",
                "later",
                "step",
                "forward",
                "data",
                "step/forward",
                "not step",
                "later not step",
                "data share",
                "GFLOP",
                BenchFigures.rateUnit(costs.get(0).gpu()),
                "peak MiB");
        for (int i = 0; i < models.size(); i++) {
            TrainingBench.Costs cost = costs.get(i);
            Stream<String> millis = Stream.of(cost.whole(), cost.later(), cost.step(), cost.forward(), cost.data())
                    .map(part -> BenchFigures.format("%.2f", part.cpuMillis()));
            Stream<String> rest = Stream.of(
                    BenchFigures.format("%.2f", cost.forwards()),
                    percent(cost.surroundings()),
                    percent(cost.laterSurroundings()),
                    BenchFigures.format("%.1f %%", 100 * cost.dataShare()),
                    BenchFigures.format("%.2f", cost.gigaFlop()),
                    BenchFigures.format("%.1f", cost.gigaFlops()),
                    memory(cost.peakMib()));
            table.row(Stream.of(
                            Stream.of(
                                    models.get(i).name(),
                                    BenchFigures.format("%.2f", cost.whole().imagesPerCoreSecond())),
                            millis,
                            rest)
                    .flatMap(part -> part)
                    .toArray(String[]::new));
        }
        return table + "\n\n"
                + BenchFigures.format(
                        "whole, later, step, forward and data in milliseconds of processor time for an image; batches of %d in %d"
                                + " parts, %s; medians of %s turns",
                        config.batchSize(),
                        config.accumulate(),
                        config.precision().key(),
                        costs.stream().map(cost -> "" + cost.turns().size()).collect(Collectors.joining(" and ")))
                + profiles(models, costs, config);
    }

    private static String profiles(List<Model> models, List<TrainingBench.Costs> costs, TrainingConfig config) {
        StringBuilder profiles = new StringBuilder();
        for (int i = 0; i < models.size(); i++) {
            String part = config.accumulate() > 1 ? "traced part of a step, " : "traced step, ";
            profiles.append("\n\n")
                    .append(BenchFigures.profile(
                            part + models.get(i).name(), costs.get(i).profile()));
        }
        return profiles.toString();
    }

    private static String percent(TrainingBench.Quartiles share) {
        return BenchFigures.format(
                "%.1f %% (%.1f to %.1f)", 100 * share.median(), 100 * share.lower(), 100 * share.upper());
    }

    private static String memory(OptionalDouble mib) {
        return mib.isPresent() ? BenchFigures.format("%,.0f", mib.getAsDouble()) : "";
    }

    static ObjectNode json(List<Model> models, List<TrainingBench.Costs> costs, TrainingConfig config) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("batch", config.batchSize());
        json.put("accumulate", config.accumulate());
        json.put("precision", config.precision().key());
        ArrayNode array = json.putArray("models");
        for (int i = 0; i < models.size(); i++) {
            model(array.addObject(), models.get(i), costs.get(i));
        }
        return json;
    }

    private static void model(ObjectNode node, Model model, TrainingBench.Costs costs) {
        VitConfig vit = model.config().vit();
        node.put("name", model.name());
        node.put("layers", vit.numLayers());
        node.put("hidden_size", vit.hiddenSize());
        node.put("image_size", vit.imageSize());
        BenchFigures.cost(node.putObject("whole"), costs.whole());
        BenchFigures.cost(node.putObject("later"), costs.later());
        BenchFigures.cost(node.putObject("step"), costs.step());
        BenchFigures.cost(node.putObject("forward"), costs.forward());
        BenchFigures.cost(node.putObject("data"), costs.data());
        node.put("images_per_cpu_second", costs.whole().imagesPerCoreSecond());
        node.put("forwards_per_step", costs.forwards());
        quartiles(node.putObject("not_step_share"), costs.surroundings());
        quartiles(node.putObject("later_not_step_share"), costs.laterSurroundings());
        node.put("data_share", costs.dataShare());
        node.put("turns", costs.turns().size());
        node.put("gigaflop", costs.gigaFlop());
        node.put(BenchFigures.rateField(costs.gpu()), costs.gigaFlops());
        costs.peakMib().ifPresentOrElse(mib -> node.put("peak_memory_mib", mib), () -> node.putNull("peak_memory_mib"));
        BenchFigures.profile(node, costs.profile());
    }

    private static void quartiles(ObjectNode node, TrainingBench.Quartiles share) {
        node.put("lower_quartile", share.lower());
        node.put("median", share.median());
        node.put("upper_quartile", share.upper());
    }
}

package org.chirplens.experiments.config;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.chirplens.checkpoint.Backbone;
import org.chirplens.dataset.ImageLayout;
import org.chirplens.dataset.Target;
import org.chirplens.experiments.config.TrainingSettings.Trained;
import org.chirplens.model.LoraTarget;

/** Rules that need more than one setting, or a look at the disk. */
final class ConfigRules {
    /** Sizes that a backbone has and keeps; its image size can be changed. */
    static final List<String> BACKBONE_SIZES = List.of("patchSize", "hiddenSize", "numLayers", "numHeads", "mlpSize");

    private final LoadedConfig loaded;
    private final List<String> broken = new ArrayList<>();

    private ConfigRules(LoadedConfig loaded) {
        this.loaded = loaded;
    }

    /** One line for each broken rule. */
    static List<String> broken(LoadedConfig loaded) {
        ConfigRules rules = new ConfigRules(loaded);
        rules.name();
        rules.data();
        rules.model();
        rules.training();
        return rules.broken;
    }

    /** One line for each broken rule of the section {@code data}, whatever the others say. */
    static List<String> brokenData(LoadedConfig loaded) {
        ConfigRules rules = new ConfigRules(loaded);
        rules.data();
        return rules.broken;
    }

    private void name() {
        require(
                loaded.name().matches("[A-Za-z0-9][A-Za-z0-9._-]*"),
                "name",
                "must be letters, digits, '.', '_' and '-', as it names a directory, found '" + loaded.name() + "'");
    }

    private void data() {
        DataSettings data = loaded.config().data();
        require(
                data.test() < 1 || data.test() == Math.rint(data.test()),
                "data.test",
                "must be a fraction below 1 or a whole number, found " + data.test());
        if (data instanceof DataSettings.Generated generated) {
            require(
                    data.test() < generated.count(),
                    "data.test",
                    "must leave training images of data.count " + generated.count() + ", found " + data.test());
            generated
                    .figure()
                    .brokenTexts()
                    .forEach((key, rule) -> require(false, "data.figure." + key, "is no text: " + rule));
        } else if (data instanceof DataSettings.Directory directory) {
            directory(directory.directory());
        } else if (data instanceof DataSettings.Images images) {
            directory(images.directory());
            images(images);
        }
    }

    private void directory(Path directory) {
        require(
                Files.isDirectory(directory),
                "data.directory",
                "must be an existing directory, found '" + directory + "'");
    }

    private void images(DataSettings.Images images) {
        String pattern = images.filePattern();
        if (images.fileColumn() == null) {
            require(
                    pattern != null,
                    "data.fileColumn",
                    "or data.filePattern must be given: one of them says where each image is");
        } else {
            require(pattern == null, "data.filePattern", "must not stand beside data.fileColumn; leave one out");
        }
        require(
                pattern == null || pattern.contains(ImageLayout.NUMBER),
                "data.filePattern",
                "must hold " + ImageLayout.NUMBER + ", the number of the row, found '" + pattern + "'");
        require(!images.targets().isEmpty(), "data.targets", "must name at least one column, found none");
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < images.targets().size(); i++) {
            DataSettings.TargetColumn target = images.targets().get(i);
            String key = "data.targets[" + i + "]." + (target.name() == null ? "column" : "name");
            String hint = target.name() == null ? " as the column's name; give it another with name" : "";
            String problem = Target.keyProblem(target.key());
            require(problem == null, key, problem + hint);
            require(
                    keys.add(target.key()),
                    key,
                    "must be another name than those before, found '" + target.key() + "'");
            require(
                    target.title() == null || !target.title().isBlank(),
                    "data.targets[" + i + "].title",
                    "must not be blank");
        }
    }

    private void model() {
        ModelSettings model = loaded.config().model();
        Path backbone = model.backbone();
        targets(model.lora().targets());
        if (backbone != null) {
            require(Files.exists(backbone), "model.backbone", "must exist, found '" + backbone + "'");
            BACKBONE_SIZES.stream()
                    .map(size -> "model." + size)
                    .forEach(size ->
                            require(!loaded.states(size), size, "comes from model.backbone; leave one of the two out"));
            rank(model.lora().rank(), hiddenSize(backbone));
            return;
        }
        rank(model.lora().rank(), OptionalInt.of(model.hiddenSize()));
        require(
                model.imageSize() % model.patchSize() == 0,
                "model.imageSize",
                "must be a multiple of model.patchSize " + model.patchSize() + ", found " + model.imageSize());
        require(
                model.hiddenSize() % model.numHeads() == 0,
                "model.hiddenSize",
                "must be a multiple of model.numHeads " + model.numHeads() + ", found " + model.hiddenSize());
    }

    private void rank(int rank, OptionalInt hiddenSize) {
        require(
                rank >= 1 && rank <= hiddenSize.orElse(Integer.MAX_VALUE),
                "model.lora.rank",
                "must be " + (hiddenSize.isPresent() ? "in [1, " + hiddenSize.getAsInt() + "]" : "at least 1")
                        + ", found " + rank);
    }

    /** The width that a backbone's config.json states. What is wrong with that file is said when the backbone is read. */
    private static OptionalInt hiddenSize(Path backbone) {
        try {
            return OptionalInt.of(Backbone.readSize(backbone).hiddenSize());
        } catch (IllegalArgumentException | UncheckedIOException e) {
            return OptionalInt.empty();
        }
    }

    private void targets(List<LoraTarget> targets) {
        require(!targets.isEmpty(), "model.lora.targets", "must name at least one layer, found none");
        require(
                Set.copyOf(targets).size() == targets.size(),
                "model.lora.targets",
                "must name each layer once, found "
                        + targets.stream().map(Scalars::key).toList());
    }

    private void training() {
        ExperimentConfig config = loaded.config();
        require(
                config.training().ridgeWeight() == 0 || !(config.data() instanceof DataSettings.Images),
                "training.ridgeWeight",
                "must be 0 for data.source images, which knows of no chirp and its ridge, found "
                        + config.training().ridgeWeight());
        require(
                config.training().train() == Trained.ALL || config.model().backbone() != null,
                "training.train",
                "lora needs model.backbone: a frozen backbone of random weights learns nothing. Name a backbone,"
                        + " or train: all");
    }

    private void require(boolean holds, String key, String rule) {
        if (!holds) {
            broken.add(String.valueOf(loaded.problem(key, rule).getMessage()));
        }
    }
}

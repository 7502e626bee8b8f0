package org.chirplens.experiments.config;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.chirplens.analysis.Attribution;
import org.chirplens.checkpoint.Backbone;
import org.chirplens.dataset.ChirpTarget;
import org.chirplens.dataset.ImageLayout;
import org.chirplens.dataset.Target;
import org.chirplens.experiments.config.TrainingSettings.Trained;
import org.chirplens.figure.FigureStyle;
import org.chirplens.model.VitConfig;

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
        withoutUse(loaded.config()).forEach((key, rule) -> rules.require(!loaded.states(key), key, rule));
        rules.data();
        rules.model();
        rules.training();
        rules.analysis();
        return rules.broken;
    }

    /** One line for each broken rule of the section {@code data}, whatever the others say. */
    static List<String> brokenData(LoadedConfig loaded) {
        ConfigRules rules = new ConfigRules(loaded);
        rules.data();
        return rules.broken;
    }

    /** Keys and sections that a config must not state, as the rest of it leaves them without use, with the rule that says so. */
    static Map<String, String> withoutUse(ExperimentConfig config) {
        ModelSettings model = config.model();
        Map<String, String> keys = new TreeMap<>();
        if (model.finetuned() != null) {
            Stream<String> ofModel = Arrays.stream(ModelSettings.class.getRecordComponents())
                    .map(component -> "model." + component.getName())
                    .filter(key -> !key.equals("model.finetuned"));
            Stream.concat(
                            Stream.of("training", "data.test", "data.validation", "data.splitSeed", "data.standardise"),
                            ofModel)
                    .forEach(key -> keys.put(key, "has no use with model.finetuned, which is not trained"));
            return keys;
        }
        if (model.backbone() != null) {
            BACKBONE_SIZES.forEach(
                    size -> keys.put("model." + size, "comes from model.backbone; leave one of the two out"));
            if (model.initialWeights() != ModelSettings.Initial.NORMAL) {
                keys.put("model.initialWeights", "has no use with model.backbone, which has weights");
            }
            if (model.patchEmbedding() != ModelSettings.PatchEmbedding.LEARNED) {
                keys.put("model.patchEmbedding", "has no use with model.backbone, which has one");
            }
        }
        if (config.training().train() == Trained.BACKBONE) {
            keys.put("model.lora", "must be left out with training.train backbone, which makes no adapters");
        }
        return keys;
    }

    /** One line for each broken rule of the section {@code data}, but for those that count its images. */
    static List<String> brokenDefaults(LoadedConfig loaded) {
        ConfigRules rules = new ConfigRules(loaded);
        rules.parts(loaded.config().data());
        if (loaded.config().data() instanceof DataSettings.Generated generated) {
            rules.drawn(generated);
        }
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
        parts(data);
        if (data instanceof DataSettings.Generated generated) {
            leaves("data.test", data.test(), generated.count(), "data.count " + generated.count());
            int training = generated.count() - imagesOf(data.test(), generated.count());
            if (training > 0) {
                leaves("data.validation", data.validation(), training, "the " + training + " that data.test leaves");
            }
            drawn(generated);
        } else if (data instanceof DataSettings.Directory directory) {
            directory(directory.directory());
        } else if (data instanceof DataSettings.Images images) {
            directory(images.directory());
            images(images);
        }
    }

    private void parts(DataSettings data) {
        fractionOrCount("data.test", data.test());
        fractionOrCount("data.validation", data.validation());
    }

    private void drawn(DataSettings.Generated generated) {
        eachOnce("data.targets", "target", generated.targets());
        FigureSettings figure = generated.figure();
        require(
                figure.height() <= FigureStyle.MOST_HEIGHT * figure.width(),
                "data.figure.height",
                "must be at most " + FigureStyle.MOST_HEIGHT + " times data.figure.width " + figure.width() + ", found "
                        + figure.height());
        figure.brokenTexts().forEach((key, rule) -> require(false, "data.figure." + key, "is no text: " + rule));
    }

    private void fractionOrCount(String key, double part) {
        require(
                part < 1 || part == Math.rint(part),
                key,
                "must be a fraction below 1 or a whole number, found " + part);
    }

    private void leaves(String key, double part, int images, String whole) {
        require(imagesOf(part, images) < images, key, "must leave training images of " + whole + ", found " + part);
    }

    private static int imagesOf(double part, int images) {
        return (int) Math.ceil(part < 1 ? part * images : part);
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
        eachOnce("model.lora.targets", "layer", model.lora().targets());
        Path finetuned = model.finetuned();
        if (finetuned != null) {
            require(Files.isDirectory(finetuned), "model.finetuned", "must be a directory, found '" + finetuned + "'");
            return;
        }
        if (backbone != null) {
            require(Files.exists(backbone), "model.backbone", "must exist, found '" + backbone + "'");
            rank(model.lora().rank(), size(backbone).map(VitConfig::hiddenSize).orElse(Integer.MAX_VALUE));
            return;
        }
        rank(model.lora().rank(), model.hiddenSize());
        require(
                model.imageSize() % model.patchSize() == 0,
                "model.imageSize",
                "must be a multiple of model.patchSize " + model.patchSize() + ", found " + model.imageSize());
        require(
                model.hiddenSize() % model.numHeads() == 0,
                "model.hiddenSize",
                "must be a multiple of model.numHeads " + model.numHeads() + ", found " + model.hiddenSize());
        long values = (long) VitConfig.CHANNELS * model.patchSize() * model.patchSize();
        require(
                model.patchEmbedding() != ModelSettings.PatchEmbedding.WHITENED || model.hiddenSize() <= values,
                "model.hiddenSize",
                "must be at most " + values + ", the values of a patch, with model.patchEmbedding whitened, found "
                        + model.hiddenSize());
    }

    /** @param most the hidden size, or the largest integer where that is not known */
    private void rank(int rank, int most) {
        require(
                rank >= 1 && rank <= most,
                "model.lora.rank",
                "must be " + (most < Integer.MAX_VALUE ? "in [1, " + most + "]" : "at least 1") + ", found " + rank);
    }

    /** The size that a backbone's config.json states. What is wrong with that file is said when the backbone is read. */
    private static Optional<VitConfig> size(Path backbone) {
        try {
            return Optional.of(Backbone.readSize(backbone));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private void eachOnce(String key, String thing, List<? extends Enum<?>> names) {
        require(!names.isEmpty(), key, "must name at least one " + thing + ", found none");
        require(
                Set.copyOf(names).size() == names.size(),
                key,
                "must name each " + thing + " once, found "
                        + names.stream().map(Scalars::key).toList());
    }

    private void training() {
        ExperimentConfig config = loaded.config();
        if (config.model().finetuned() != null) {
            return;
        }
        TrainingSettings.Pretext pretext = config.training().pretext();
        require(
                !pretext.isOn() || !(config.data() instanceof DataSettings.Images),
                "training.pretext",
                "must have no task for data.source images, which knows of no chirp, found " + pretext);
        require(
                config.training().axesEpochs() == 0 || !(config.data() instanceof DataSettings.Images),
                "training.axesEpochs",
                "must be 0 for data.source images, which knows of no axes, found "
                        + config.training().axesEpochs());
        require(
                config.training().axesEpochs() < config.training().epochs(),
                "training.axesEpochs",
                "must be below training.epochs " + config.training().epochs() + ", found "
                        + config.training().axesEpochs());
        require(
                config.training().train() != Trained.LORA || config.training().matrixLearningRate() == 0,
                "training.matrixLearningRate",
                "must be 0 with training.train lora, which trains no matrix of the encoder, found "
                        + config.training().matrixLearningRate());
        Path backbone = config.model().backbone();
        int patch = backbone == null
                ? config.model().patchSize()
                : size(backbone).map(VitConfig::patchSize).orElse(pretext.cellSize());
        require(
                !pretext.isOn() || patch % pretext.cellSize() == 0,
                "training.pretext.cellSize",
                "must divide " + (backbone == null ? "model.patchSize " : "the backbone's patch size ") + patch
                        + ", found " + pretext.cellSize());
        require(
                config.training().accumulate() <= config.training().batchSize(),
                "training.accumulate",
                "must be at most training.batchSize " + config.training().batchSize() + ", found "
                        + config.training().accumulate());
        rate("training.learningRate", config.training().learningRate());
        rate("training.matrixLearningRate", config.training().matrixLearningRate());
        require(
                config.training().train() != Trained.LORA || config.model().backbone() != null,
                "training.train",
                "lora needs model.backbone: a frozen backbone of random weights learns nothing. Name a backbone,"
                        + " or train: all");
    }

    /** A step takes this rate times the decay off every weight, which must leave something. */
    private void rate(String key, double rate) {
        double decay = loaded.config().training().weightDecay();
        require(rate * decay < 1, key, "must be below 1 / training.weightDecay " + decay + ", found " + rate);
    }

    private void analysis() {
        DataSettings data = loaded.config().data();
        boolean released = data instanceof DataSettings.Generated generated
                ? generated.targets().equals(ChirpTarget.RELEASED)
                : data instanceof DataSettings.Directory;
        require(
                released || !loaded.config().analysis().attributions().contains(Attribution.PATCHING),
                "analysis.attributions",
                "must leave out patching, which draws chirps, for a model of other targets than "
                        + Target.list(Target.RELEASED));
    }

    private void require(boolean holds, String key, String rule) {
        if (!holds) {
            broken.add(String.valueOf(loaded.problem(key, rule).getMessage()));
        }
    }
}

package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.chirplens.checkpoint.Backbone;
import org.chirplens.checkpoint.ModelCard;
import org.chirplens.checkpoint.PeftAdapter;
import org.chirplens.checkpoint.RegressionHead;
import org.chirplens.checkpoint.ReleasedCheckpoint;
import org.chirplens.checkpoint.TensorFiles;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.file.Sha256;
import org.chirplens.model.ModelConfig;
import org.jspecify.annotations.Nullable;

/**
 * A model from elsewhere: the one file of the released training script, or a backbone with, perhaps, an adapter and a
 * regression head.
 *
 * @param source file or directory of the model's tensors
 * @param config a {@code config.json} elsewhere than beside the tensors, or null
 * @param adapter a PEFT adapter folder, or null; for a backbone only
 * @param head the regression head's file, or null; for a backbone only
 * @param alpha numerator of the adapters' scaling; for a released file only
 * @param labels the label table whose mean and deviation the model was trained with, or null
 * @param recipe the preprocessing that it was trained with
 * @param imageSize another size of the input image, pixels; 0 for its own
 */
public record ModelImport(
        Path source,
        @Nullable Path config,
        @Nullable Path adapter,
        @Nullable Path head,
        OptionalDouble alpha,
        @Nullable Path labels,
        Preprocessing recipe,
        int imageSize) {
    private static final List<String> BESIDE = List.of("config.json", "adapter_config.json");

    /**
     * Reads and checks everything.
     *
     * @param released whether the source is a released file
     * @throws IllegalArgumentException when files are not as they must be, or do not fit each other
     */
    public TrainedModel read(boolean released) {
        TargetScaling scaling = labels == null ? null : TargetScaling.overTable(labels);
        TrainedModel model = released ? ReleasedCheckpoint.read(source, config, null, alpha) : fromParts();
        ModelCard card = new ModelCard(
                List.of(),
                scaling == null
                        ? List.of()
                        : Arrays.stream(scaling.mean()).boxed().toList(),
                scaling == null
                        ? List.of()
                        : Arrays.stream(scaling.std()).boxed().toList(),
                recipe.key(),
                provenance(released));
        return resized(model).withCard(card);
    }

    private TrainedModel resized(TrainedModel model) {
        int patchSize = model.config().vit().patchSize();
        if (imageSize % patchSize != 0) {
            throw new IllegalArgumentException(
                    "--image-size must be a multiple of the model's patch size " + patchSize + ", found " + imageSize);
        }
        return imageSize == 0 ? model : model.withImageSize(imageSize);
    }

    private TrainedModel fromParts() {
        Backbone backbone = config == null ? Backbone.read(source) : Backbone.read(source, config);
        return TrainedModel.of(
                backbone,
                adapter == null ? null : PeftAdapter.read(adapter, backbone.config()),
                head == null ? Map.of() : RegressionHead.read(head, backbone.config(), ModelConfig.RELEASED_OUTPUTS),
                ModelCard.bare());
    }

    private ObjectNode provenance(boolean released) {
        ObjectNode provenance = JsonNodeFactory.instance.objectNode();
        provenance.put("imported", name(source));
        ObjectNode files = provenance.putObject("sha256");
        files(released).forEach(file -> files.put(name(file), Sha256.of(file)));
        alpha.ifPresent(value -> provenance.put("alpha", value));
        if (imageSize != 0) {
            provenance.put("image_size", imageSize);
        }
        provenance.set("versions", Versions.all());
        return provenance;
    }

    /** All files that were read. */
    private List<Path> files(boolean released) {
        List<Path> files = new ArrayList<>(TensorFiles.of(source));
        Path directory =
                Files.isDirectory(source) ? source : source.toAbsolutePath().getParent();
        for (String name : released ? BESIDE : BESIDE.subList(0, 1)) {
            boolean elsewhere = config != null && name.equals(BESIDE.get(0));
            Path file = elsewhere || directory == null ? config : directory.resolve(name);
            if (file != null && Files.isRegularFile(file)) {
                files.add(file);
            }
        }
        if (adapter != null) {
            Stream.of("adapter_config.json", "adapter_model.safetensors", "adapter_model.bin")
                    .map(adapter::resolve)
                    .filter(Files::isRegularFile)
                    .limit(2)
                    .forEach(files::add);
        }
        Stream.of(head, labels).forEach(file -> {
            if (file != null) {
                files.add(file);
            }
        });
        return files;
    }

    private static String name(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return name == null ? "" : name.toString();
    }
}

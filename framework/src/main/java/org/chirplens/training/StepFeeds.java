package org.chirplens.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chirplens.model.Fetches;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.VitConfig;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** What a step feeds to its graph: images and labels, where the chirps are, and what dropout draws its masks from. */
final class StepFeeds {
    private final ModelConfig config;
    private final double dropout;
    private final long seed;
    private final Placeholder<TFloat32> pixels;
    private final Placeholder<TFloat32> labels;
    private final @Nullable PretextTask pretext;

    /** @param seed of the run */
    StepFeeds(
            ModelConfig config,
            long seed,
            Placeholder<TFloat32> pixels,
            Placeholder<TFloat32> labels,
            @Nullable PretextTask pretext) {
        this.config = config;
        this.dropout = config.lora() == null ? 0 : config.lora().dropout();
        this.seed = seed;
        this.pixels = pixels;
        this.labels = labels;
        this.pretext = pretext;
    }

    /**
     * Images of a step that go through the graph together.
     *
     * @param pixels [images, 3, S, S]
     * @param labels [images, targets]
     * @param number of the part in its step, from 0 on
     * @param share of the step's images
     */
    record Part(float[] pixels, float[] labels, ChirpCells @Nullable [] cells, int images, int number, double share) {}

    /** A step's images in parts of at most so many. */
    List<Part> parts(float[] pixels, float[] labels, ChirpCells @Nullable [] cells, int most) {
        int images = labels.length / config.outputs();
        if (images <= most) {
            return List.of(new Part(pixels, labels, cells, images, 0, 1));
        }
        List<Part> parts = new ArrayList<>();
        for (int from = 0; from < images; from += most) {
            int to = Math.min(images, from + most);
            parts.add(new Part(
                    slice(pixels, images, from, to),
                    slice(labels, images, from, to),
                    cells == null ? null : Arrays.copyOfRange(cells, from, to),
                    to - from,
                    parts.size(),
                    (double) (to - from) / images));
        }
        return parts;
    }

    private static float[] slice(float[] values, int images, int from, int to) {
        int length = values.length / images;
        return Arrays.copyOfRange(values, from * length, to * length);
    }

    /**
     * Feeds a part.
     *
     * @param step number of the step in the run
     * @param tensors receives what the caller closes after running
     */
    Session.Runner feed(Session.Runner runner, Part part, long step, List<Tensor> tensors) {
        int images = part.images();
        runner.feed(pixels, keep(tensors, pixels(part.pixels(), images)))
                .feed(labels, keep(tensors, tensor(part.labels(), images, config.outputs())));
        if (pretext != null && part.cells() != null) {
            pretext.feed(runner, part.cells(), tensors);
        }
        if (dropout > 0) {
            long masks = RandomStreams.seed(seed, "dropout/" + step);
            runner.feed(Fetches.DROPOUT_RATE, keep(tensors, TFloat32.scalarOf((float) dropout)))
                    .feed(Fetches.DROPOUT_SEED, keep(tensors, TInt64.vectorOf(masks, part.number())));
        }
        return runner;
    }

    /** Images [images, 3, S, S] as a tensor. */
    TFloat32 pixels(float[] values, int images) {
        int size = config.vit().imageSize();
        return tensor(values, images, VitConfig.CHANNELS, size, size);
    }

    /** Remembers a tensor for its closing. */
    static Tensor keep(List<Tensor> tensors, Tensor tensor) {
        tensors.add(tensor);
        return tensor;
    }

    private static TFloat32 tensor(float[] values, int... shape) {
        return InferenceModel.tensor(new FloatArray(shape, values));
    }
}

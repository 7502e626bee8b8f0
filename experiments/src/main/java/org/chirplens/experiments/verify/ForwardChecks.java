package org.chirplens.experiments.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chirplens.analysis.AttentionExtraction;
import org.chirplens.analysis.AttentionMaps;
import org.chirplens.checkpoint.Backbone;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.model.Fetches;
import org.chirplens.model.FloatArray;
import org.chirplens.model.HeadId;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;
import org.tensorflow.Result;
import org.tensorflow.types.TFloat32;

/** Compares {@code forward/}: one batch through the fine-tuned model and through its bare backbone. */
final class ForwardChecks {
    private static final Set<String> FINE_TUNED = Set.of(
            "predictions",
            "predictions_f64",
            "last_hidden_state",
            "last_hidden_state_f64",
            "hidden_states",
            "attentions",
            "attentions_f64",
            "pooler_output");
    private static final Set<String> BACKBONE =
            Set.of("backbone_last_hidden_state", "backbone_hidden_states", "backbone_attentions");
    private static final String CLASSIFIER = "backbone_classifier_logits";
    private static final String RELEASED = "predictions_released_example_loading";

    private final RecordedModel recorded;
    private final Section section;
    private final SessionOptions options;
    private final float[] input;
    private final int images;

    ForwardChecks(RecordedModel recorded, Section section, SessionOptions options) {
        this.recorded = recorded;
        this.section = section;
        this.options = options;
        this.input = section.input("input").floats();
        this.images = section.input("input").shape()[0];
    }

    List<Check> run() {
        Set<String> fineTuned = new HashSet<>(FINE_TUNED);
        fineTuned.addAll(List.of(
                "overlay_cell_values_batch" + images, "attention_maps_batch" + images, "attention_maps_batch1"));
        section.attempt("the fine-tuned model", fineTuned, this::fineTuned);
        section.attempt("the backbone", BACKBONE, this::backbone);
        section.attempt("the classifier", Set.of(CLASSIFIER), this::classifier);
        section.attempt("the released example", Set.of(RELEASED), this::releasedExample);
        return section.checks();
    }

    private void releasedExample() {
        try (InferenceModel model = open(recorded.headOnBackbone())) {
            absolute(RELEASED, fetch(model, Fetches.PREDICTIONS));
        }
    }

    private void fineTuned() {
        TrainedModel trained = recorded.fineTuned();
        try (InferenceModel model = open(trained)) {
            float[] predictions = fetch(model, Fetches.PREDICTIONS);
            float[] state = fetch(model, Fetches.LAST_HIDDEN_STATE);
            float[] attentions = attentions(model);
            absolute("predictions", predictions);
            absolute("predictions_f64", predictions);
            absolute("last_hidden_state", state);
            absolute("last_hidden_state_f64", state);
            absolute("hidden_states", hiddenStates(model));
            absolute("attentions", attentions);
            absolute("attentions_f64", attentions);
            VitConfig vit = trained.config().vit();
            absolute("overlay_cell_values_batch" + images, overlay(attentions, vit));
            attentionMaps(model);
            if (section.has("pooler_output")) {
                absolute("pooler_output", pooled(state));
            }
        }
    }

    private void backbone() {
        Backbone backbone = recorded.backbone();
        try (InferenceModel model = open(backbone)) {
            absolute("backbone_last_hidden_state", fetch(model, Fetches.LAST_HIDDEN_STATE));
            absolute("backbone_hidden_states", hiddenStates(model));
            absolute("backbone_attentions", attentions(model));
        }
    }

    private void classifier() {
        Backbone backbone = recorded.classifier();
        Backbone.Classifier classifier = backbone.classifier();
        if (classifier == null) {
            throw new IllegalArgumentException("backbone_classifier has no classifier.weight and classifier.bias");
        }
        try (InferenceModel model = open(backbone)) {
            absolute(CLASSIFIER, onClsToken(fetch(model, Fetches.LAST_HIDDEN_STATE), classifier));
        }
    }

    private void attentionMaps(InferenceModel model) {
        AttentionExtraction extraction = new AttentionExtraction(model);
        absolute("attention_maps_batch" + images, flat(extraction.average("batch", input, images)));
        if (images == 1 || !section.has("attention_maps_batch1")) {
            return;
        }
        List<float[]> alone = new ArrayList<>();
        int length = input.length / images;
        for (int image = 0; image < images; image++) {
            float[] pixels = Arrays.copyOfRange(input, image * length, (image + 1) * length);
            alone.add(flat(extraction.average("image " + image, pixels, 1)));
        }
        absolute("attention_maps_batch1", concatenated(alone));
    }

    private static float[] flat(AttentionMaps maps) {
        List<float[]> heads = new ArrayList<>();
        for (int layer = 0; layer < maps.maps().length; layer++) {
            for (int head = 0; head < maps.maps()[layer].length; head++) {
                heads.add(maps.normalised(new HeadId(layer, head)));
            }
        }
        return concatenated(heads);
    }

    /** Attention of the first image's first patch to every patch: [L, B, H, T, T] to [L, H, P, P]. */
    private float[] overlay(float[] attentions, VitConfig vit) {
        List<float[]> rows = new ArrayList<>();
        int tokens = vit.numTokens();
        int perLayer = images * vit.numHeads() * tokens * tokens;
        for (int layer = 0; layer < vit.numLayers(); layer++) {
            for (int head = 0; head < vit.numHeads(); head++) {
                int row = layer * perLayer + head * tokens * tokens + tokens;
                rows.add(Arrays.copyOfRange(attentions, row + 1, row + tokens));
            }
        }
        return concatenated(rows);
    }

    private float[] pooled(float[] state) {
        float[] pooled = onClsToken(state, recorded.pooler());
        for (int i = 0; i < pooled.length; i++) {
            pooled[i] = (float) Math.tanh(pooled[i]);
        }
        return pooled;
    }

    /** A linear layer on token 0 of every image of a last hidden state [B, T, D]. */
    private float[] onClsToken(float[] state, Backbone.Classifier layer) {
        int width = layer.weight().shape()[1];
        int perImage = state.length / images;
        List<float[]> rows = new ArrayList<>();
        for (int image = 0; image < images; image++) {
            rows.add(layer.logits(Arrays.copyOfRange(state, image * perImage, image * perImage + width)));
        }
        return concatenated(rows);
    }

    private float[] hiddenStates(InferenceModel model) {
        List<float[]> states = new ArrayList<>();
        for (int layer = 0; layer <= model.config().vit().numLayers(); layer++) {
            states.add(fetch(model, Fetches.residual(layer)));
        }
        return concatenated(states);
    }

    private float[] attentions(InferenceModel model) {
        List<float[]> layers = new ArrayList<>();
        for (int layer = 0; layer < model.config().vit().numLayers(); layer++) {
            layers.add(fetch(model, Fetches.attentionProbabilities(layer)));
        }
        return concatenated(layers);
    }

    private float[] fetch(InferenceModel model, String name) {
        try (TFloat32 pixels = model.pixels(input, images);
                Result result = model.run(Map.of(Fetches.PIXELS, pixels), List.of(name))) {
            FloatArray array = InferenceModel.copy((TFloat32) result.get(0));
            return array.data();
        }
    }

    private void absolute(String array, float[] ours) {
        section.forwardPass(array, ours);
    }

    private InferenceModel open(TrainedModel trained) {
        return new InferenceModel(trained.config(), trained.weights(), options);
    }

    private InferenceModel open(Backbone backbone) {
        return new InferenceModel(ModelConfig.backbone(backbone.config()), backbone.weights(), options);
    }

    /** All values of the parts, one part after the other. */
    static float[] concatenated(List<float[]> parts) {
        float[] whole = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        return whole;
    }
}

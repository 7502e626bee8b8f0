package org.chirplens.analysis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chirplens.model.Fetches;
import org.chirplens.model.InferenceModel;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Result;
import org.tensorflow.types.TFloat32;

/**
 * A forward pass without ablation over a batch, and what is kept of it for all that is measured on it. It runs when something of it
 * is first asked for.
 */
final class BaselinePass implements AutoCloseable {
    private final InferenceModel model;
    private final TFloat32 pixels;
    private final List<String> names;
    private @Nullable Result result;

    /** @param wanted names of tensors to keep beside the predictions */
    BaselinePass(InferenceModel model, TFloat32 pixels, Collection<String> wanted) {
        Set<String> distinct = new LinkedHashSet<>(List.of(Fetches.PREDICTIONS));
        distinct.addAll(wanted);
        this.model = model;
        this.pixels = pixels;
        names = new ArrayList<>(distinct);
    }

    TFloat32 predictions() {
        return get(Fetches.PREDICTIONS);
    }

    /** A tensor that is kept; open as long as this pass is. */
    TFloat32 get(String name) {
        int at = names.indexOf(name);
        if (at < 0) {
            throw new IllegalStateException(name + " is not kept of the pass without ablation");
        }
        if (result == null) {
            result = model.run(Map.of(Fetches.PIXELS, pixels), names);
        }
        return (TFloat32) result.get(at);
    }

    @Override
    public void close() {
        if (result != null) {
            result.close();
        }
    }
}

package org.chirplens.experiments.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.chirplens.model.FloatArray;
import org.chirplens.model.ModelConfig;

/** Another library that runs the same model, to measure beside. The class path says which there are. */
public interface Peer {
    /** Its name in results: {@code onnxruntime}. */
    String key();

    /** The version that runs. */
    String version();

    /**
     * Makes the model ready to run.
     *
     * @param model without adapters, with a regression head
     * @param weights every parameter
     * @param threads of one operation; 0 for one per core
     */
    Session open(ModelConfig model, Map<String, FloatArray> weights, int threads);

    /** The model, ready to run. */
    interface Session extends AutoCloseable {
        /**
         * Runs the whole model.
         *
         * @param pixels preprocessed images [images, 3, imageSize, imageSize]
         * @return standardised predictions [images][outputs]
         */
        float[][] predict(float[] pixels, int images);

        @Override
        void close();
    }

    /** The peers on the class path, by name. */
    static List<Peer> all() {
        return ServiceLoader.load(Peer.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(Peer::key))
                .toList();
    }
}

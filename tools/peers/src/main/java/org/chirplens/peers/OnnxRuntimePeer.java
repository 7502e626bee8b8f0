package org.chirplens.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;
import org.chirplens.experiments.bench.Peer;
import org.chirplens.model.FloatArray;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.VitConfig;

/** ONNX Runtime, with all its optimizations of the graph. */
public final class OnnxRuntimePeer implements Peer {
    @Override
    public String key() {
        return "onnxruntime";
    }

    @Override
    public String version() {
        return OrtEnvironment.getEnvironment().getVersion();
    }

    @Override
    public Session open(ModelConfig model, Map<String, FloatArray> weights, int threads) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            // Threads that wait in a loop would be counted as work.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            if (threads > 0) {
                options.setIntraOpNumThreads(threads);
            }
            VitConfig vit = model.vit();
            OrtSession session = environment.createSession(OnnxVit.write(vit, weights), options);
            return new Running(environment, session, vit.imageSize());
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime does not take the model", e);
        }
    }

    private record Running(OrtEnvironment environment, OrtSession session, int imageSize) implements Session {
        @Override
        public float[][] predict(float[] pixels, int images) {
            long[] shape = {images, VitConfig.CHANNELS, imageSize, imageSize};
            try (OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), shape);
                    OrtSession.Result result = session.run(Map.of(OnnxVit.PIXELS, input))) {
                return (float[][]) result.get(0).getValue();
            } catch (OrtException e) {
                throw new IllegalStateException("ONNX Runtime does not run the model", e);
            }
        }

        @Override
        public void close() {
            try {
                session.close();
            } catch (OrtException e) {
                throw new IllegalStateException("ONNX Runtime does not close the model", e);
            }
        }
    }
}

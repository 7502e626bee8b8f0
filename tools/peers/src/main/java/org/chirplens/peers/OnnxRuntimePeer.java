package org.chirplens.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
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
            Path file = Files.createTempFile("chirplens", ".onnx");
            try {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                    OnnxVit.write(vit, weights).writeTo(out);
                }
                return new Running(environment, environment.createSession(file.toString(), options), vit.imageSize());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot hand the model to ONNX Runtime in a temporary file", e);
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

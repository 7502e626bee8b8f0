package org.chirplens.experiments.bench;

import org.chirplens.checkpoint.MergedSafetensors;
import org.chirplens.checkpoint.TrainedModel;

/**
 * What a peer's forward pass of the same model on the same images costs.
 *
 * @param key the peer's name
 * @param version the peer's version
 * @param forward cost of its forward passes
 * @param maxDifference largest absolute difference of a standardised prediction from ours
 */
public record PeerForward(String key, String version, Cost forward, double maxDifference) {
    /** Far above rounding, which makes 1e-6, and far below what another graph would make. */
    private static final double MOST_DIFFERENCE = 1e-3;

    /** Runs a peer once, and then again and again until it took so much processor time. */
    static PeerForward measure(
            Peer peer, TrainedModel model, float[] pixels, float[][] ours, int threads, double leastSeconds) {
        TrainedModel merged = MergedSafetensors.merge(model);
        try (Peer.Session session = peer.open(merged.config(), merged.weights(), threads)) {
            float[][] theirs = session.predict(pixels, ours.length);
            double difference = difference(ours, theirs);
            if (!(difference <= MOST_DIFFERENCE)) {
                throw new IllegalStateException(
                        peer.key() + " predicts something else than this project: standardised predictions"
                                + " differ by up to " + difference);
            }
            Cost cost = Meter.again(ours.length, leastSeconds, () -> session.predict(pixels, ours.length));
            return new PeerForward(peer.key(), peer.version(), cost, difference);
        }
    }

    private static double difference(float[][] a, float[][] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            for (int t = 0; t < a[i].length; t++) {
                largest = Math.max(largest, Math.abs((double) a[i][t] - b[i][t]));
            }
        }
        return largest;
    }
}

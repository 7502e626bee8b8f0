package org.chirplens.analysis;

import org.chirplens.model.HeadId;

/**
 * The attention map of every head for one image (or one batch): how much each patch is attended to, in one of the ways of {@link
 * MapReading}.
 *
 * @param image name of the image
 * @param grid patches along each side, P
 * @param maps raw maps [layers][heads][P * P], or [layers][1][P * P] where a reading is of whole layers, row-major over the attended
 *     (key) patches
 */
public record AttentionMaps(String image, int grid, float[][][] maps) {
    /** The raw map of one head [P * P]. */
    public float[] raw(HeadId id) {
        return maps[id.layer()][id.head()];
    }

    /** The map of one head scaled to [0, 1], as the released package shows it; all zeros when it is constant. */
    public float[] normalised(HeadId id) {
        float[] raw = raw(id);
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (float value : raw) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        float[] scaled = new float[raw.length];
        if (max > min) {
            for (int i = 0; i < raw.length; i++) {
                scaled[i] = (raw[i] - min) / (max - min);
            }
        }
        return scaled;
    }
}

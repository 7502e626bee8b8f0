package org.chirplens.analysis;

/**
 * What it takes for a head to get a label. A label is given when the lower end of the 95 % interval of the head's share of attention
 * is above every one of: {@code minimumShare}, {@code minimumLift} times the share that uniform attention would give, what
 * the head reaches when its map is shuffled or laid over another image's chirp, and what any head of the untrained model reaches.
 *
 * @param reading whose attention is looked at
 * @param minimumShare of all attention, in (0, 1)
 * @param minimumLift share against that of uniform attention, at least 1
 * @param diffuseEntropy a head without a label is diffuse when the entropy of its attention, relative to that of uniform attention,
 *     is at least this, in (0, 1]
 * @param shuffles how often the positions of the maps are shuffled, at least 20
 * @param seed of the shuffles
 */
public record AtlasSettings(
        AttentionReading reading,
        double minimumShare,
        double minimumLift,
        double diffuseEntropy,
        int shuffles,
        long seed) {
    public static final double MINIMUM_SHARE = 0.1;
    public static final double MINIMUM_LIFT = 1.5;
    public static final double DIFFUSE_ENTROPY = 0.95;

    private static final int SHUFFLES = 100;

    public AtlasSettings {
        require(minimumShare > 0 && minimumShare < 1, "minimumShare must be in (0, 1)", minimumShare);
        require(minimumLift >= 1, "minimumLift must be at least 1", minimumLift);
        require(diffuseEntropy > 0 && diffuseEntropy <= 1, "diffuseEntropy must be in (0, 1]", diffuseEntropy);
        require(shuffles >= 20, "shuffles must be at least 20", shuffles);
    }

    /** The settings that apply unless others are given. */
    public static AtlasSettings standard(AttentionReading reading, long seed) {
        return new AtlasSettings(reading, MINIMUM_SHARE, MINIMUM_LIFT, DIFFUSE_ENTROPY, SHUFFLES, seed);
    }

    /** The same with other thresholds. */
    public AtlasSettings with(double share, double lift, double entropy) {
        return new AtlasSettings(reading, share, lift, entropy, shuffles, seed);
    }

    private static void require(boolean holds, String rule, double found) {
        if (!holds) {
            throw new IllegalArgumentException(rule + ", found " + found);
        }
    }
}

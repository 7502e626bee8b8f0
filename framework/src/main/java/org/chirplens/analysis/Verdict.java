package org.chirplens.analysis;

import java.util.Locale;

/** What an ablation says of a head once chance and the number of heads are taken into account. */
public enum Verdict {
    /** The loss is larger without it. */
    MATTERS,
    /** The loss is smaller without it. */
    HINDERS,
    /** The images do not settle the sign of the difference. */
    OPEN;

    /** Largest adjusted p-value that settles a sign. */
    public static final double LEVEL = 0.05;

    /** The name in files. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** By the sign-flip test with Holm's adjustment over all heads. */
    public static Verdict of(HeadEffect effect) {
        if (!(effect.signFlip().holm() <= LEVEL)) {
            return OPEN;
        }
        return effect.lossIncrease().value() > 0 ? MATTERS : HINDERS;
    }
}

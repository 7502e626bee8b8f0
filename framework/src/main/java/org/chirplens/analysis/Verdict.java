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
        return of(effect.lossIncrease().value(), effect.signFlip().holm());
    }

    /**
     * By a loss increase, in any unit, and the adjusted p-value of its sign.
     *
     * @param pAdjusted NaN where there is none
     */
    public static Verdict of(double lossIncrease, double pAdjusted) {
        if (!(pAdjusted <= LEVEL)) {
            return OPEN;
        }
        return lossIncrease > 0 ? MATTERS : HINDERS;
    }
}

package org.chirplens.chirp;

import java.util.Locale;

/** How a chirp's frequency moves from its start to its end. */
public enum ChirpShape {
    /** {@code f(s) = f0 + (f1 - f0) s}. */
    LINEAR,
    /** {@code f(s) = f0 (f1 / f0)^s}. */
    EXPONENTIAL;

    /** The name in files and titles: {@code linear} or {@code exponential}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one that this is not. */
    public ChirpShape other() {
        return this == LINEAR ? EXPONENTIAL : LINEAR;
    }
}

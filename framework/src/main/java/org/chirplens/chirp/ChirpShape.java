package org.chirplens.chirp;

/** How a chirp's frequency moves from its start to its end. */
public enum ChirpShape {
    /** {@code f(s) = f0 + (f1 - f0) s}. */
    LINEAR,
    /** {@code f(s) = f0 (f1 / f0)^s}. */
    EXPONENTIAL
}

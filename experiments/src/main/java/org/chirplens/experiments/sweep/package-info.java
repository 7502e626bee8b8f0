/**
 * Sweeps: one run for each combination of values of a grid. Every trial is an ordinary run directory under {@code trials/},
 * made by {@link org.chirplens.experiments.run.Pipeline}; the sweep's own manifest says which trials there are and how they
 * ended, and its tables, figures and report are computed from the trials' files alone.
 */
@NullMarked
package org.chirplens.experiments.sweep;

import org.jspecify.annotations.NullMarked;

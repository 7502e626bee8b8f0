/**
 * Checks this build against recorded reference tensors: finds what a bundle holds, computes the same numbers, and says
 * for each array how far apart they are. One class per part of a bundle compares it; {@link
 * org.chirplens.experiments.verify.Section} reads a part and collects its lines. What nothing compares is listed as
 * such, never as passed; what cannot be read is a failed line, and the walk goes on.
 */
@NullMarked
package org.chirplens.experiments.verify;

import org.jspecify.annotations.NullMarked;

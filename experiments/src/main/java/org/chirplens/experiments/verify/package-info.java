/**
 * Checks this build against recorded reference tensors: finds what a bundle holds, computes the same numbers, and says
 * for each array how far apart they are. What this build cannot compute yet is listed as such, never as passed.
 */
@NullMarked
package org.chirplens.experiments.verify;

import org.jspecify.annotations.NullMarked;

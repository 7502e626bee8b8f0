/**
 * The statistics that a claim needs: confidence intervals, tests of paired differences, corrections for many tests. Pure
 * Java on plain arrays; what the numbers are of, images and heads, is known to the packages that use this one.
 *
 * <p>Intervals: {@link org.chirplens.statistics.Bootstrap} resamples images, whose contributions to sums are {@link
 * org.chirplens.statistics.Terms}, and gives an {@link org.chirplens.statistics.Estimate} with its two intervals. For many
 * ratios of sums at once there is {@link org.chirplens.statistics.ResampledSum}. Tests: {@link
 * org.chirplens.statistics.SignFlipTest} of a mean, {@link org.chirplens.statistics.WilcoxonTest} of ranks, {@link
 * org.chirplens.statistics.PermutationTest} of anything; {@link org.chirplens.statistics.MultipleTesting} adjusts their
 * p-values. Formulas and their sources are in {@code docs/methods.md}.
 */
@NullMarked
package org.chirplens.statistics;

import org.jspecify.annotations.NullMarked;

/**
 * What the heads do: attention maps and head ablation, as graph executions whose results are plain records.
 *
 * <p>{@link org.chirplens.analysis.AblationSweep} ablates every head by a {@link org.chirplens.analysis.Protocol} and
 * gives a {@link org.chirplens.analysis.HeadAblation}; {@link org.chirplens.analysis.ProtocolAgreement} compares several
 * of these, and {@link org.chirplens.analysis.HeadStatistics} says how sure they are. A protocol replaces a head's context or zeroes rows of its projections; weights are never changed, not even
 * by the protocol that reproduces the published code, which does change them.
 */
@NullMarked
package org.chirplens.analysis;

import org.jspecify.annotations.NullMarked;

/**
 * What the heads do and what they look at: attention maps, head atlas and head ablation, as graph executions whose results are
 * plain records.
 *
 * <p>{@link org.chirplens.analysis.AblationSweep} ablates every head by a {@link org.chirplens.analysis.Protocol} and
 * gives a {@link org.chirplens.analysis.HeadAblation}; {@link org.chirplens.analysis.ProtocolAgreement} compares several
 * of these, and {@link org.chirplens.analysis.HeadStatistics} says how sure they are. A protocol replaces a head's context
 * or zeroes rows of its projections; weights are never changed, not even by the protocol that reproduces the published code,
 * which does change them.
 *
 * <p>{@link org.chirplens.analysis.AttentionExtraction} makes maps by any {@link org.chirplens.analysis.MapReading};
 * {@link org.chirplens.analysis.AtlasPass} names heads after the regions that they look at,
 * {@link org.chirplens.analysis.RegionRemoval} takes these away, and {@link org.chirplens.analysis.LabelImportance} puts labels
 * beside an ablation.
 */
@NullMarked
package org.chirplens.analysis;

import org.jspecify.annotations.NullMarked;

/**
 * What the heads do: attention maps and head ablation, as graph executions whose results are plain records.
 */
@NullMarked
package org.chirplens.analysis;

import org.jspecify.annotations.NullMarked;

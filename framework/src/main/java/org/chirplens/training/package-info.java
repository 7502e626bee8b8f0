/**
 * Fine-tuning: the loop, AdamW, learning-rate schedules, early stopping, state that can be resumed, and the metrics of
 * a regression.
 */
@NullMarked
package org.chirplens.training;

import org.jspecify.annotations.NullMarked;

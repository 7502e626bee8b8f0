/**
 * From images and labels to the batches that a model reads: data sets on disk or drawn as they are read, label
 * tables, image decoding and resizing, preprocessing recipes, the train/test split, and prefetching batches.
 */
@NullMarked
package org.chirplens.dataset;

import org.jspecify.annotations.NullMarked;

/**
 * From images and labels to the batches that a model reads: data sets on disk or drawn as they are read, label
 * tables, image decoding and resizing, preprocessing recipes, the split into training, validation and test images, and prefetching batches.
 *
 * <p>An {@link org.chirplens.dataset.ImageSet} is read by index: {@link org.chirplens.dataset.ChirpDirectory} from the
 * released on-disk format, {@link org.chirplens.dataset.TfRecordImages} from TFRecord files, {@link
 * org.chirplens.dataset.ImageDirectory} from any other directory of images with a table of labels, {@link
 * org.chirplens.dataset.GeneratedChirps} by drawing. {@link org.chirplens.dataset.DatasetWriter} writes drawn images to
 * disk, in as many threads, processes and attempts as it takes, and {@link org.chirplens.dataset.Datasets} opens what is
 * there. {@link org.chirplens.dataset.Split} divides
 * its indices, {@link org.chirplens.dataset.BatchReader} brings them to the model, preprocessed by a {@link
 * org.chirplens.dataset.Preprocessing} recipe. Splits equal scikit-learn's and resized pixels Pillow's, so that results
 * can be compared with those of the released packages.
 */
@NullMarked
package org.chirplens.dataset;

import org.jspecify.annotations.NullMarked;

/**
 * What a chirp is: its parameters, the population they are drawn from, and the 128 x 128 array of a
 * noisy chirp's spectrogram, as the released generator computes it. Pure Java, no images, no TensorFlow.
 */
@NullMarked
package org.chirplens.chirp;

import org.jspecify.annotations.NullMarked;

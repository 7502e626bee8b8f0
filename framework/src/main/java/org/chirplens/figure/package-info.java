/**
 * Draws a spectrogram as the figure that the released generator's matplotlib draws, 640 x 480 pixels with title,
 * axes, ticks and colour bar, or in another style, and knows where in it each drawn element is.
 */
@NullMarked
package org.chirplens.figure;

import org.jspecify.annotations.NullMarked;

package org.chirplens.figure;

import org.chirplens.chirp.ChirpShape;

/**
 * What the words in a figure say of its image.
 *
 * @param number the image's number in its data set, from 1
 * @param shape of its chirp
 * @param noiseSeed what random letters are drawn from, if the figure's style has any
 */
public record Caption(int number, ChirpShape shape, long noiseSeed) {}

package org.chirplens.model;

/**
 * One attention head. Counted from 0, as in files; {@link #title()} counts from 1, as the paper does.
 *
 * @param layer encoder block
 * @param head head within the block
 */
public record HeadId(int layer, int head) {
    public HeadId {
        if (layer < 0 || head < 0) {
            throw new IllegalArgumentException("layer and head must be at least 0, found " + layer + " and " + head);
        }
    }

    /** The name for people: {@code layer 1, head 1} for {@code HeadId(0, 0)}. */
    public String title() {
        return "layer " + (layer + 1) + ", head " + (head + 1);
    }
}

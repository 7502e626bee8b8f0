package org.chirplens.dataset;

/**
 * Something about a data set that is not as it should be.
 *
 * @param kind what kind of thing
 * @param text where it is, the rule and what was found
 */
public record Finding(Kind kind, String text) {
    /** The kinds of things that are looked for. */
    public enum Kind {
        DESCRIPTION("description", "dataset.json"),
        ROW_COUNT("row_count", "number of label rows"),
        LABEL_ROW("label_row", "label rows that cannot be read"),
        LABEL_RANGE("label_range", "labels outside the population"),
        LABEL_SEED("label_seed", "labels that the seed does not give"),
        PAIR_TABLE("pair_table", "pairs that the seed does not give"),
        MISSING_IMAGE("missing_image", "missing images"),
        EXTRA_IMAGE("extra_image", "images without a row"),
        UNREADABLE_IMAGE("unreadable_image", "images that cannot be read"),
        REDRAWN_IMAGE("redrawn_image", "images that differ when drawn again"),
        DUPLICATE_IMAGE("duplicate_image", "images with equal pixels"),
        DUPLICATE_LABEL("duplicate_label", "rows with equal labels"),
        SPLIT("split", "split"),
        SPLIT_IMAGE(
                "split_image",
                "held-out images with the pixels of a training image, or a test image with those of a validation one"),
        SPLIT_LABEL(
                "split_label",
                "held-out rows with the labels of a training row, or a test row with those of a validation one"),
        OTHER_SET("other_set", "the other data set"),
        OTHER_IMAGE("other_image", "images with the pixels of one in the other data set"),
        OTHER_LABEL("other_label", "rows with the labels of one in the other data set");

        private final String key;
        private final String title;

        Kind(String key, String title) {
            this.key = key;
            this.title = title;
        }

        /** The name in JSON. */
        public String key() {
            return key;
        }

        /** The name for people. */
        public String title() {
            return title;
        }
    }
}

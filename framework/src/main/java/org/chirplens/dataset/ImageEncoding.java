package org.chirplens.dataset;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a TFRecord file holds the pixels of an image. */
public enum ImageEncoding {
    /** A PNG file in the feature {@code image/encoded}. */
    @JsonProperty("png")
    PNG,
    /** Bytes [height][width][3] in the feature {@code image/raw}. */
    @JsonProperty("raw")
    RAW
}

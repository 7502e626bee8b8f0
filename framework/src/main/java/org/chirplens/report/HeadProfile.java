package org.chirplens.report;

import java.util.List;
import org.chirplens.model.HeadId;

/**
 * What a head looks at, by the regions of the images.
 *
 * @param head which head
 * @param label what it is in a word or two, such as {@code chirp} or {@code axis labels}
 * @param colour of the label, as in the atlas's figure
 * @param parts where its attention goes, in the order to show
 */
public record HeadProfile(HeadId head, String label, int colour, List<Part> parts) {
    public HeadProfile {
        parts = List.copyOf(parts);
    }

    /**
     * The attention on one region, as shares in [0, 1].
     *
     * @param region its name for people
     * @param share of the head's attention that is on the region
     * @param low lower end of the share's confidence interval
     * @param high upper end; both NaN where there is none
     * @param areaShare of the image that is the region, which even attention would give
     */
    public record Part(String region, double share, double low, double high, double areaShare) {}
}

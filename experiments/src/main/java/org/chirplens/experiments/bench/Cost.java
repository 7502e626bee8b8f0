package org.chirplens.experiments.bench;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What some images cost.
 *
 * @param images how many, at least 1
 * @param cpuSeconds processor time for all of them, summed over all threads, above 0
 * @param wallSeconds time that passed, above 0
 */
public record Cost(int images, double cpuSeconds, double wallSeconds) {
    public Cost {
        if (images < 1) {
            throw new IllegalArgumentException("images must be at least 1, found " + images);
        }
        if (!(cpuSeconds > 0 && wallSeconds > 0)) {
            throw new IllegalArgumentException("seconds must be above 0, found " + cpuSeconds + " of the processor and "
                    + wallSeconds + " in all");
        }
    }

    /** The same cost, shared by another number of images. */
    Cost of(int otherImages) {
        return new Cost(otherImages, cpuSeconds, wallSeconds);
    }

    /** The one in the middle, by processor time for an image. */
    static Cost median(List<Cost> costs) {
        return median(costs, Cost::cpuMillis);
    }

    /** The one in the middle, by a time that it has for an image. */
    static Cost median(List<Cost> costs, ToDoubleFunction<Cost> timeOfAnImage) {
        return costs.stream()
                .sorted(Comparator.comparingDouble(timeOfAnImage))
                .toList()
                .get(costs.size() / 2);
    }

    /** Milliseconds of processor time for an image. */
    public double cpuMillis() {
        return 1e3 * cpuSeconds / images;
    }

    /** Milliseconds that passed for an image; below {@link #cpuMillis} where several threads work. */
    public double wallMillis() {
        return 1e3 * wallSeconds / images;
    }

    /** Images that one core makes in a second. */
    public double imagesPerCoreSecond() {
        return images / cpuSeconds;
    }

    /** Images in a second: of the time that passes where a GPU computes, and else of one core. */
    public double perSecond(boolean gpu) {
        return gpu ? images / wallSeconds : imagesPerCoreSecond();
    }

    /** How many times the processor time of this cost another one takes, image by image. */
    public double ratio(Cost other) {
        return other.cpuMillis() / cpuMillis();
    }
}

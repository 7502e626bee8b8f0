package org.chirplens.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.chirplens.chirp.Chirp;
import org.chirplens.figure.RgbImage;

/**
 * What a {@link DatasetCheck} has seen.
 *
 * @param directory the data set
 * @param generated whether it says itself how it was generated
 * @param rows label rows
 * @param imageFiles images that exist, those without a row included
 * @param decodedImages images that have a row and could be decoded
 * @param redrawnImages images that were drawn again and compared
 * @param training images of the training part
 * @param validation images of the validation part
 * @param test images of the test part
 * @param sizes how many images there are of each size, such as {@code 640x480}
 * @param modes how many images store their pixels in each way, such as {@code RGBA, 8 bits}
 * @param statistics of each label column
 * @param exponentialShare the part of the chirps that is exponential; NaN when there are none
 * @param chirps the labels that could be read
 * @param samples some images, evenly spread over the set
 * @param findings all that is not as it should be
 */
public record DatasetReport(
        Path directory,
        boolean generated,
        int rows,
        int imageFiles,
        int decodedImages,
        int redrawnImages,
        int training,
        int validation,
        int test,
        Map<String, Integer> sizes,
        Map<String, Integer> modes,
        List<LabelStatistics> statistics,
        double exponentialShare,
        List<Chirp> chirps,
        List<Sample> samples,
        List<Finding> findings) {
    public DatasetReport {
        statistics = List.copyOf(statistics);
        chirps = List.copyOf(chirps);
        samples = List.copyOf(samples);
        findings = List.copyOf(findings);
    }

    /** An image that can be decoded, with its labels. */
    public record Sample(String name, Chirp chirp, RgbImage image) {}

    /** The findings of one kind. */
    public List<Finding> findings(Finding.Kind kind) {
        return findings.stream().filter(finding -> finding.kind() == kind).toList();
    }
}

package org.chirplens.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The non-negative least squares that share out attention, against what its conditions say. */
class RegionSharesTest {
    private static final int PATCHES = 60;

    private final Random random = new Random(9);

    /** Random parts of patches, most regions in few patches; the parts of one add up to 1. */
    private double[][] masks() {
        double[][] masks = new double[RegionShares.REGIONS][PATCHES];
        for (int p = 0; p < PATCHES; p++) {
            double total = 0;
            for (double[] mask : masks) {
                mask[p] = random.nextInt(5) == 0 ? random.nextDouble() : 0;
                total += mask[p];
            }
            masks[0][p] += total == 0 ? 1 : 0;
            total += total == 0 ? 1 : 0;
            for (double[] mask : masks) {
                mask[p] /= total;
            }
        }
        return masks;
    }

    private static RegionShares shares(double[][] masks) {
        double[] gram = new double[RegionShares.GRAM];
        RegionShares.gram(masks, gram, 0);
        return new RegionShares().of(gram, 0);
    }

    private static double[] mass(double[][] masks, double[] attention) {
        return Arrays.stream(masks)
                .mapToDouble(mask -> RegionShares.product(mask, attention))
                .toArray();
    }

    @Test
    void attentionThatIsMadeOfDensitiesIsTakenApart() {
        double[][] masks = masks();
        double[] densities =
                random.doubles(RegionShares.REGIONS).map(d -> d < 0.5 ? 0 : d).toArray();
        double[] attention = new double[PATCHES];
        double[] areas = shares(masks).areas();
        for (int p = 0; p < PATCHES; p++) {
            for (int r = 0; r < densities.length; r++) {
                attention[p] += densities[r] * masks[r][p] / PATCHES;
            }
        }
        double total = RegionShares.product(areas, densities);
        double[] found = shares(masks).solve(mass(masks, attention), 0);
        for (int r = 0; r < densities.length; r++) {
            assertThat(found[r]).isCloseTo(areas[r] * densities[r] / total, within(1e-6));
        }
    }

    @Test
    void regionsThatCannotBeToldApartShareTheirAttention() {
        double[][] masks = new double[RegionShares.REGIONS][4];
        for (double[] mask : masks) {
            Arrays.fill(mask, 1.0 / RegionShares.REGIONS);
        }
        double[] shares = shares(masks).solve(mass(masks, new double[] {0.7, 0.1, 0.1, 0.1}), 0);
        for (double share : shares) {
            assertThat(share).isCloseTo(1.0 / RegionShares.REGIONS, within(1e-3));
        }
    }

    @Test
    void moreRegionsThanPatchesComeToAnEnd() {
        for (int trial = 0; trial < 200; trial++) {
            double[][] masks = new double[RegionShares.REGIONS][4];
            double[] totals = new double[4];
            for (double[] mask : masks) {
                for (int p = 0; p < 4; p++) {
                    mask[p] = random.nextDouble() < 0.3 ? 0 : random.nextDouble();
                    totals[p] += mask[p];
                }
            }
            for (double[] mask : masks) {
                for (int p = 0; p < 4; p++) {
                    mask[p] /= totals[p];
                }
            }
            double[] attention = random.doubles(4).map(x -> x * x * x).toArray();
            double[] shares = shares(masks).solve(mass(masks, attention), 0);
            assertThat(Arrays.stream(shares).sum()).isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void noOtherDensitiesThatAreNotNegativeAreBetter() {
        for (int trial = 0; trial < 50; trial++) {
            double[][] masks = masks();
            double[] attention = random.doubles(PATCHES).map(x -> x * x * x * x).toArray();
            double[] shares = shares(masks).solve(mass(masks, attention), 0);
            double[] areas = shares(masks).areas();
            double[] densities = new double[shares.length];
            for (int r = 0; r < shares.length; r++) {
                assertThat(shares[r]).isNotNegative();
                densities[r] = areas[r] > 0 ? shares[r] / areas[r] : 0;
            }
            double least = error(masks, attention, scaled(densities, masks, attention));
            double[] best = scaled(densities, masks, attention);
            for (int r = 0; r < shares.length; r++) {
                for (double step : new double[] {-1e-3, 1e-3}) {
                    double[] other = best.clone();
                    other[r] = Math.max(0, other[r] + step);
                    assertThat(error(masks, attention, other)).isGreaterThanOrEqualTo(least - 1e-9);
                }
            }
        }
    }

    /** Densities of the scale that fits best; shares tell them but for a factor. */
    private static double[] scaled(double[] densities, double[][] masks, double[] attention) {
        double product = 0;
        double square = 0;
        for (int p = 0; p < PATCHES; p++) {
            double explained = explained(masks, densities, p);
            product += explained * attention[p] * PATCHES;
            square += explained * explained;
        }
        double factor = product / square;
        return Arrays.stream(densities).map(d -> d * factor).toArray();
    }

    private static double explained(double[][] masks, double[] densities, int p) {
        double explained = 0;
        for (int r = 0; r < densities.length; r++) {
            explained += densities[r] * masks[r][p];
        }
        return explained;
    }

    private static double error(double[][] masks, double[] attention, double[] densities) {
        double error = 0;
        for (int p = 0; p < PATCHES; p++) {
            error += Math.pow(PATCHES * attention[p] - explained(masks, densities, p), 2);
        }
        return error;
    }
}

package org.chirplens.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.chirplens.dataset.ProgressListener;
import org.chirplens.dataset.Selection;
import org.chirplens.model.HeadId;

/**
 * How the loss grows as more and more heads are ablated together: the most important ones first, the least important ones
 * first, and in random orders, whose spread says what to expect of as many heads of no special importance.
 *
 * @param sizes numbers of heads ablated, rising, from 0 to all
 * @param curves one for each order
 */
public record CumulativeAblation(List<Integer> sizes, List<Curve> curves) {
    /** Names of the orders by importance; random ones are {@code random_1}, {@code random_2}, … */
    public static final String MOST_IMPORTANT_FIRST = "most_important_first";

    public static final String LEAST_IMPORTANT_FIRST = "least_important_first";

    /** Each size is at least about so many times the last one. */
    private static final double GROWTH = 4.0 / 3;

    public CumulativeAblation {
        sizes = List.copyOf(sizes);
        curves = List.copyOf(curves);
    }

    /**
     * An order and the losses along it.
     *
     * @param order its name
     * @param heads all heads in this order
     * @param losses mean squared error over the standardised targets, at each size
     */
    public record Curve(String order, List<HeadId> heads, double[] losses) {}

    /**
     * Measures the curves.
     *
     * @param heads all heads of the model
     * @param importance of each of them, say its loss increase
     * @param randomOrders how many
     * @param seed of the random orders
     * @param progress counts pairs of set and image
     */
    public static CumulativeAblation measure(
            JointAblation joint,
            Selection images,
            List<HeadId> heads,
            double[] importance,
            int randomOrders,
            long seed,
            ProgressListener progress) {
        List<Curve> orders = orders(heads, importance, randomOrders, seed);
        List<Integer> sizes = sizes(heads.size());
        List<Set<HeadId>> sets = new ArrayList<>();
        for (Curve order : orders) {
            sizes.forEach(size -> sets.add(new HashSet<>(order.heads.subList(0, size))));
        }
        JointAblation.Outcome outcome = joint.run(images, sets, progress);
        for (int i = 0; i < sets.size(); i++) {
            orders.get(i / sizes.size()).losses[i % sizes.size()] = outcome.loss(i);
        }
        return new CumulativeAblation(sizes, orders);
    }

    /** By falling and by rising importance, and at random. */
    static List<Curve> orders(List<HeadId> heads, double[] importance, int randomOrders, long seed) {
        List<HeadId> falling = new ArrayList<>(heads);
        falling.sort((a, b) -> Double.compare(importance[heads.indexOf(b)], importance[heads.indexOf(a)]));
        List<HeadId> rising = new ArrayList<>(falling);
        Collections.reverse(rising);
        List<Curve> orders = new ArrayList<>();
        orders.add(curve(MOST_IMPORTANT_FIRST, falling));
        orders.add(curve(LEAST_IMPORTANT_FIRST, rising));
        // One generator for all orders: those of consecutive seeds begin alike.
        PermutationSampler random =
                new PermutationSampler(RandomSource.XO_RO_SHI_RO_128_PP.create(seed), heads.size(), heads.size());
        for (int i = 1; i <= randomOrders; i++) {
            List<HeadId> shuffled =
                    Arrays.stream(random.sample()).mapToObj(heads::get).toList();
            orders.add(curve("random_" + i, shuffled));
        }
        return orders;
    }

    private static Curve curve(String order, List<HeadId> heads) {
        return new Curve(
                order, List.copyOf(heads), new double[sizes(heads.size()).size()]);
    }

    private static List<Integer> sizes(int heads) {
        TreeSet<Integer> sizes = new TreeSet<>(Arrays.asList(0, heads));
        for (int size = 1; size < heads; size = Math.max(size + 1, (int) Math.round(size * GROWTH))) {
            sizes.add(size);
        }
        return List.copyOf(sizes);
    }
}

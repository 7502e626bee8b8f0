package org.chirplens.dataset;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A canonical Huffman code as Deflate defines it (RFC 1951, section 3.2.2).
 *
 * @param lengths bits of each symbol, at most {@value #LONGEST}; 0 for a symbol that does not occur
 * @param codes the bits, first bit lowest
 */
record HuffmanCode(int[] lengths, int[] codes) {
    static final int LONGEST = 15;

    private record Node(long count, int order, int[] symbols) {}

    /** The code for symbols that occur so often; a single symbol gets one bit. */
    static HuffmanCode of(int[] counts) {
        int[] weights = counts.clone();
        int[] lengths = lengths(weights);
        while (max(lengths) > LONGEST) {
            // Flatter weights give a flatter tree; rounding up keeps every symbol that occurs.
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (weights[i] + 1) / 2;
            }
            lengths = lengths(weights);
        }
        return new HuffmanCode(lengths, codes(lengths));
    }

    private static int[] lengths(int[] weights) {
        PriorityQueue<Node> queue =
                new PriorityQueue<>(Comparator.comparingLong(Node::count).thenComparingInt(Node::order));
        int order = 0;
        for (; order < weights.length; order++) {
            if (weights[order] > 0) {
                queue.add(new Node(weights[order], order, new int[] {order}));
            }
        }
        int[] lengths = new int[weights.length];
        if (queue.size() == 1) {
            lengths[queue.remove().symbols()[0]] = 1;
        }
        while (queue.size() > 1) {
            Node a = queue.remove();
            Node b = queue.remove();
            int[] both = new int[a.symbols().length + b.symbols().length];
            System.arraycopy(a.symbols(), 0, both, 0, a.symbols().length);
            System.arraycopy(b.symbols(), 0, both, a.symbols().length, b.symbols().length);
            for (int symbol : both) {
                lengths[symbol]++;
            }
            queue.add(new Node(a.count() + b.count(), order++, both));
        }
        return lengths;
    }

    private static int[] codes(int[] lengths) {
        int[] codes = new int[lengths.length];
        int code = 0;
        for (int bits = 1; bits <= LONGEST; bits++) {
            for (int symbol = 0; symbol < lengths.length; symbol++) {
                if (lengths[symbol] == bits) {
                    codes[symbol] = Integer.reverse(code++) >>> (32 - bits);
                }
            }
            code <<= 1;
        }
        return codes;
    }

    private static int max(int[] lengths) {
        int max = 0;
        for (int length : lengths) {
            max = Math.max(max, length);
        }
        return max;
    }
}

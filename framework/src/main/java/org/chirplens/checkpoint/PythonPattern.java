package org.chirplens.checkpoint;

import java.util.BitSet;

/** A part of a regular expression: where in a text it can end when it starts at given places. */
interface PythonPattern {
    /** The most repetitions that a number may ask for. */
    int MAX_REPETITIONS = 1000;

    /**
     * Matches.
     *
     * @param starts places in the text, 0 to its length
     * @param step called before each unit of work
     * @return all places where a match can end
     */
    BitSet ends(String text, BitSet starts, Runnable step);

    /** A set of characters. */
    interface Characters {
        boolean contains(char character);
    }

    /**
     * Reads a regular expression in Python's syntax, without flags and back-references.
     *
     * @throws IllegalArgumentException when it is not one, or uses what is not supported
     */
    static PythonPattern parse(String regex) {
        return new PythonPatternParser(regex).parse();
    }

    /** One character of a set. */
    static PythonPattern one(Characters characters) {
        return (text, starts, step) -> {
            step.run();
            BitSet ends = new BitSet();
            starts.stream()
                    .filter(at -> at < text.length() && characters.contains(text.charAt(at)))
                    .forEach(at -> ends.set(at + 1));
            return ends;
        };
    }

    /** One part, then another. */
    static PythonPattern sequence(PythonPattern first, PythonPattern second) {
        return (text, starts, step) -> {
            BitSet middle = first.ends(text, starts, step);
            return middle.isEmpty() ? middle : second.ends(text, middle, step);
        };
    }

    /** Either of two parts. */
    static PythonPattern either(PythonPattern one, PythonPattern other) {
        return (text, starts, step) -> {
            BitSet ends = (BitSet) one.ends(text, starts, step).clone();
            ends.or(other.ends(text, starts, step));
            return ends;
        };
    }

    /** A part again and again; without an upper bound until nothing new is reached. */
    static PythonPattern repeated(PythonPattern part, int least, int most) {
        return (text, starts, step) -> {
            BitSet reached = starts;
            for (int i = 0; i < least && !reached.isEmpty(); i++) {
                step.run();
                reached = part.ends(text, reached, step);
            }
            BitSet all = (BitSet) reached.clone();
            for (int i = least; i < most && !reached.isEmpty(); i++) {
                step.run();
                reached = (BitSet) part.ends(text, reached, step).clone();
                reached.andNot(all);
                all.or(reached);
            }
            return all;
        };
    }

    /** What holds at a place without taking a character. */
    interface Place {
        boolean holds(String text, int at, Runnable step);
    }

    static PythonPattern at(Place place) {
        return (text, starts, step) -> {
            step.run();
            BitSet ends = new BitSet();
            starts.stream().filter(at -> place.holds(text, at, step)).forEach(ends::set);
            return ends;
        };
    }

    /** Whether a part matches from here on. */
    static Place ahead(PythonPattern part) {
        return (text, at, step) -> !part.ends(text, single(at), step).isEmpty();
    }

    /** Whether a part matches up to here. */
    static Place behind(PythonPattern part) {
        return (text, at, step) -> {
            for (int from = at; from >= 0; from--) {
                if (part.ends(text, single(from), step).get(at)) {
                    return true;
                }
            }
            return false;
        };
    }

    private static BitSet single(int at) {
        BitSet set = new BitSet();
        set.set(at);
        return set;
    }
}

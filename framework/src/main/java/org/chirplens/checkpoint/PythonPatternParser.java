package org.chirplens.checkpoint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chirplens.checkpoint.PythonPattern.Characters;
import org.chirplens.checkpoint.PythonPattern.Place;

/** Reads one regular expression, from left to right. */
final class PythonPatternParser {
    private static final int MAX_LENGTH = 1000;
    private static final Pattern REPETITION = Pattern.compile("\\{(\\d{0,9})(,(\\d{0,9}))?\\}");
    private static final Pattern NAMED_GROUP = Pattern.compile("\\(\\?P<\\w+>");

    private static final PythonPattern EMPTY = (text, starts, step) -> starts;
    private static final Place START = (text, at, step) -> at == 0;
    private static final Place END = (text, at, step) -> at == text.length();
    private static final Place WORD_BOUNDARY = (text, at, step) -> {
        boolean before = at > 0 && isWord(text.charAt(at - 1));
        return before != (at < text.length() && isWord(text.charAt(at)));
    };

    private final String regex;
    private int at;

    PythonPatternParser(String regex) {
        if (regex.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a regular expression must have at most " + MAX_LENGTH + " characters, found " + regex.length());
        }
        this.regex = regex;
    }

    PythonPattern parse() {
        PythonPattern pattern = alternatives();
        if (at < regex.length()) {
            throw error("unbalanced )");
        }
        return pattern;
    }

    private PythonPattern alternatives() {
        PythonPattern pattern = sequence();
        while (take("|")) {
            pattern = PythonPattern.either(pattern, sequence());
        }
        return pattern;
    }

    private PythonPattern sequence() {
        PythonPattern pattern = EMPTY;
        while (at < regex.length() && !looksAt("|") && !looksAt(")")) {
            pattern = PythonPattern.sequence(pattern, repetition(atom()));
        }
        return pattern;
    }

    private PythonPattern repetition(PythonPattern part) {
        PythonPattern repeated = part;
        Matcher counted = REPETITION.matcher(regex).region(at, regex.length());
        if (take("*")) {
            repeated = PythonPattern.repeated(part, 0, Integer.MAX_VALUE);
        } else if (take("+")) {
            repeated = PythonPattern.repeated(part, 1, Integer.MAX_VALUE);
        } else if (take("?")) {
            repeated = PythonPattern.repeated(part, 0, 1);
        } else if (counted.lookingAt() && counted.end() > at + 2) {
            int least = count(counted.group(1), 0);
            int most = counted.group(2) == null ? least : count(counted.group(3), Integer.MAX_VALUE);
            at = counted.end();
            repeated = PythonPattern.repeated(part, least, most);
        } else {
            return part;
        }
        // Whether few or many repetitions are tried first does not matter to whether there is a match.
        boolean lazy = take("?");
        if (looksAt("+") || looksAt("*") || looksAt("?")) {
            throw error(lazy ? "multiple repeat" : "multiple or possessive repeat");
        }
        return repeated;
    }

    private int count(String digits, int otherwise) {
        int count = digits.isEmpty() ? otherwise : Integer.parseInt(digits);
        if (!digits.isEmpty() && count > PythonPattern.MAX_REPETITIONS) {
            throw error("more than " + PythonPattern.MAX_REPETITIONS + " repetitions");
        }
        return count;
    }

    private PythonPattern atom() {
        char character = regex.charAt(at);
        return switch (character) {
            case '(' -> group();
            case '\\' -> escape();
            case '*', '+', '?' -> throw error("nothing to repeat");
            default -> {
                at++;
                yield single(character);
            }
        };
    }

    private PythonPattern single(char character) {
        return switch (character) {
            case '[' -> PythonPattern.one(set());
            case '.' -> PythonPattern.one(c -> c != '\n');
            case '^' -> PythonPattern.at(START);
            case '$' -> PythonPattern.at(END);
            default -> PythonPattern.one(c -> c == character);
        };
    }

    private PythonPattern group() {
        Matcher named = NAMED_GROUP.matcher(regex).region(at, regex.length());
        if (named.lookingAt()) {
            at = named.end();
            return inner();
        } else if (take("(?:")) {
            return inner();
        } else if (take("(?=")) {
            return PythonPattern.at(PythonPattern.ahead(inner()));
        } else if (take("(?!")) {
            return PythonPattern.at(not(PythonPattern.ahead(inner())));
        } else if (take("(?<=")) {
            return PythonPattern.at(PythonPattern.behind(inner()));
        } else if (take("(?<!")) {
            return PythonPattern.at(not(PythonPattern.behind(inner())));
        } else if (looksAt("(?")) {
            throw error("flags and back-references are not supported");
        }
        at++;
        return inner();
    }

    private PythonPattern inner() {
        PythonPattern pattern = alternatives();
        if (!take(")")) {
            throw error("missing )");
        }
        return pattern;
    }

    private PythonPattern escape() {
        if (take("\\b")) {
            return PythonPattern.at(WORD_BOUNDARY);
        } else if (take("\\B")) {
            return PythonPattern.at(not(WORD_BOUNDARY));
        } else if (take("\\A")) {
            return PythonPattern.at(START);
        } else if (take("\\Z")) {
            return PythonPattern.at(END);
        }
        return PythonPattern.one(escaped());
    }

    /** A backslash and what it makes of the next character, within a set or outside. */
    private Characters escaped() {
        at++;
        if (at == regex.length()) {
            throw error("nothing behind \\");
        }
        char character = regex.charAt(at++);
        Characters named =
                switch (character) {
                    case 'd', 'D' -> c -> c >= '0' && c <= '9';
                    case 'w', 'W' -> PythonPatternParser::isWord;
                    case 's', 'S' -> Character::isWhitespace;
                    default -> c -> c == character;
                };
        if (Character.isUpperCase(character) && "DWS".indexOf(character) >= 0) {
            return c -> !named.contains(c);
        } else if (isWord(character) && character != '_' && "dws".indexOf(character) < 0) {
            throw error("\\" + character + " is not supported");
        }
        return named;
    }

    private Characters set() {
        boolean negated = take("^");
        Characters set = c -> false;
        boolean first = true;
        while (first || !looksAt("]")) {
            if (at == regex.length()) {
                throw error("missing ]");
            }
            Characters before = set;
            Characters item = item();
            set = c -> before.contains(c) || item.contains(c);
            first = false;
        }
        at++;
        Characters all = set;
        return negated ? c -> !all.contains(c) : all;
    }

    private Characters item() {
        char from = regex.charAt(at);
        if (from == '\\') {
            return escaped();
        }
        at++;
        boolean range = looksAt("-") && at + 1 < regex.length() && !regex.startsWith("-]", at);
        if (!range) {
            return c -> c == from;
        }
        char to = regex.charAt(at + 1);
        if (to == '\\' || to < from) {
            throw error("bad range");
        }
        at += 2;
        return c -> c >= from && c <= to;
    }

    private static Place not(Place place) {
        return (text, where, step) -> !place.holds(text, where, step);
    }

    private static boolean isWord(char c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    private boolean looksAt(String text) {
        return regex.startsWith(text, at);
    }

    private boolean take(String text) {
        boolean there = looksAt(text);
        at += there ? text.length() : 0;
        return there;
    }

    private IllegalArgumentException error(String problem) {
        return new IllegalArgumentException("a regular expression must be one that can be matched, found " + regex
                + " (" + problem + " at character " + (at + 1) + ")");
    }
}

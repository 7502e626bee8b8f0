package org.chirplens.figure;

import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts with places to fill in: {@link ElementStyle#text} lists them. */
final class Wording {
    private static final Pattern PLACE = Pattern.compile("<([^<>]*)>");
    private static final Pattern NOISE = Pattern.compile("noise:([1-9]\\d?)");
    private static final int FIRST_LETTER = '!';
    private static final int LETTERS = '~' - FIRST_LETTER + 1;

    private Wording() {}

    /** @throws IllegalArgumentException if a place has an unknown name */
    static void requireValid(String text) {
        PLACE.matcher(text).results().forEach(place -> {
            String name = place.group(1);
            if (!name.equals("number")
                    && !name.equals("shape")
                    && !name.equals("value")
                    && !NOISE.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "a text may hold <number>, <shape>, <value> and <noise:N> for N in [1, 99], found "
                                + place.group());
            }
        });
    }

    /** Whether the text is the same for every image. */
    static boolean isConstant(String text) {
        return PLACE.matcher(text).results().allMatch(place -> place.group(1).equals("value"));
    }

    /**
     * Fills in a text.
     *
     * @param place tells texts of one image apart, so that their random letters differ
     */
    static String of(String text, Caption caption, String value, int place) {
        if (text.indexOf('<') < 0) {
            return text;
        }
        SplittableRandom random = new SplittableRandom(caption.noiseSeed() + place);
        return PLACE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(filled(found, caption, value, random)));
    }

    private static String filled(MatchResult place, Caption caption, String value, SplittableRandom random) {
        return switch (place.group(1)) {
            case "number" -> Integer.toString(caption.number());
            case "shape" -> caption.shape().key();
            case "value" -> value;
            default -> noise(place.group(1), random);
        };
    }

    private static String noise(String name, SplittableRandom random) {
        int length = Integer.parseInt(name.substring(name.indexOf(':') + 1));
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < length; i++) {
            letters.append((char) (FIRST_LETTER + random.nextInt(LETTERS)));
        }
        return letters.toString();
    }
}

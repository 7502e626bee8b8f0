package org.chirplens.figure;

/**
 * How one element of a figure is drawn.
 *
 * @param shown false leaves it out; nothing else moves then
 * @param right how far it is moved to the right, in pixels; whole numbers keep its antialiasing as it is
 * @param down how far it is moved down, in pixels
 * @param text its wording, where it has any: {@code <number>} is the image's number, {@code <shape>} linear or exponential,
 *     {@code <value>} a tick's value, {@code <noise:N>} N random letters that differ per image, and everything else stays
 */
public record ElementStyle(boolean shown, double right, double down, String text) {
    private static final double FURTHEST = 10_000;

    public ElementStyle {
        if (!(Math.abs(right) <= FURTHEST && Math.abs(down) <= FURTHEST)) {
            throw new IllegalArgumentException("an element can be moved by at most " + (int) FURTHEST
                    + " pixels, found " + right + " right and " + down + " down");
        }
        Wording.requireValid(text);
    }

    /** As in released figures. */
    public static ElementStyle released(FigureElement element) {
        return new ElementStyle(true, 0, 0, element.releasedText());
    }

    /** The same, left out. */
    public ElementStyle hidden() {
        return new ElementStyle(false, right, down, text);
    }

    /** The same, moved by that many pixels from its released place. */
    public ElementStyle moved(double byRight, double byDown) {
        return new ElementStyle(shown, byRight, byDown, text);
    }

    /** The same, with another wording. */
    public ElementStyle saying(String wording) {
        return new ElementStyle(shown, right, down, wording);
    }

    boolean isMoved() {
        return right != 0 || down != 0;
    }
}

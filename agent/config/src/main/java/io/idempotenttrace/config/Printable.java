package io.idempotenttrace.config;

/**
 * Text that somebody else wrote, made fit for one line of a log. A control character, a line end, or a character that turns the direction
 * of writing would let its author forge a line or drive a terminal: it becomes visible, as {@code \}{@code u001b}. Long text is cut.
 */
public final class Printable {

    /** A line of a log stays readable, and a file name or a URL without its secrets still fits. */
    private static final int LONGEST = 200;

    private Printable() {}

    /** The text as it may be printed; itself where nothing of it must be changed. */
    public static String text(String text) {
        return text(text, LONGEST);
    }

    /**
     * As {@link #text(String)}, with another length at which it is cut.
     *
     * @param most how many characters of the text are shown; above 1
     */
    public static String text(String text, int most) {
        int end = Math.min(text.length(), most);
        // Half of a pair must not be left at the cut.
        if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        StringBuilder visible = null;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean plain = isPlain(text, i);
            if (!plain && visible == null) {
                visible = new StringBuilder(end + 16).append(text, 0, i);
            }
            if (visible != null && plain) {
                visible.append(c);
            } else if (visible != null) {
                appendVisible(c, visible);
            }
        }
        String shown = visible == null ? text.substring(0, end) : visible.toString();
        return end == text.length() ? shown : shown + "... (" + text.length() + " characters)";
    }

    private static boolean isPlain(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
        }
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }

    private static void appendVisible(char c, StringBuilder visible) {
        switch (c) {
            case '\n' -> visible.append("\\n");
            case '\r' -> visible.append("\\r");
            case '\t' -> visible.append("\\t");
            default -> {
                String digits = Integer.toHexString(c);
                visible.append("\\u").append("0000", 0, 4 - digits.length()).append(digits);
            }
        }
    }
}

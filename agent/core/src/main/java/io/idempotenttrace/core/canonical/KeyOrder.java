package io.idempotenttrace.core.canonical;

import java.util.Comparator;

/** The order of an object's members. The two forms differ where a name has characters beyond U+FFFF. */
enum KeyOrder implements Comparator<String> {

    /** By Unicode code point: Python's order of strings. */
    CODE_POINTS {
        @Override
        public int compare(String a, String b) {
            int length = Math.min(a.length(), b.length());
            for (int i = 0; i < length; i++) {
                char x = a.charAt(i);
                char y = b.charAt(i);
                if (x != y) {
                    boolean pairs = isPaired(a, i) != isPaired(b, i);
                    // A pair stands for a code point above every single unit, though its units lie below U+E000.
                    return pairs ? isPaired(a, i) ? 1 : -1 : x - y;
                }
            }
            return a.length() - b.length();
        }
    },

    /** By UTF-16 code unit: RFC 8785, 3.2.3. */
    UTF_16_UNITS {
        @Override
        public int compare(String a, String b) {
            return a.compareTo(b);
        }
    };

    /** Whether the unit is half of a surrogate pair. */
    private static boolean isPaired(String text, int i) {
        char c = text.charAt(i);
        if (!Character.isSurrogate(c)) {
            return false;
        }
        return Character.isHighSurrogate(c)
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}

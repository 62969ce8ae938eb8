package io.idempotenttrace.core.canonical;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A member's name, with what is worth knowing each time it is met again. */
final class MemberName {

    final String text;
    /** The name as {@code "name":} where all forms write it so; null where a character needs an escape. */
    final byte @Nullable [] written;
    /** Whether it has no surrogates: then the order of units is the order of code points. */
    final boolean withoutSurrogates;

    private MemberName(String text) {
        this.text = text;
        boolean plain = true;
        boolean surrogates = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            plain &= c >= ' ' && c < 0x7f && c != '"' && c != '\\';
            surrogates |= Character.isSurrogate(c);
        }
        withoutSurrogates = !surrogates;
        written = plain ? ('"' + text + "\":").getBytes(StandardCharsets.ISO_8859_1) : null;
    }

    /**
     * Names met before, found by hash code: payloads of one kind have the same few names again and again. Not safe for use by
     * several threads.
     */
    static final class Cache {

        private static final int SIZE = 256;
        /** Longer names are rarely met twice. */
        private static final int LONGEST = 64;

        private final MemberName[] names = new MemberName[SIZE];

        // Most names are the very same text each time.
        @SuppressWarnings("ReferenceEquality")
        MemberName of(String text) {
            int hash = text.hashCode();
            int slot = (hash ^ hash >>> 16) & SIZE - 1;
            MemberName known = names[slot];
            if (known != null && (known.text == text || known.text.equals(text))) {
                return known;
            }
            MemberName name = new MemberName(text);
            if (text.length() <= LONGEST) {
                names[slot] = name;
            }
            return name;
        }
    }
}

package io.idempotenttrace.config;

/** The ids by which records name the secrets and keys that made what is in them; in settings, an id stands before what it names. */
public final class KeyId {

    /** Characters of the longest one. */
    public static final int LONGEST = 16;
    /** What an id has, for people. */
    public static final String ALLOWED = "1 to " + LONGEST + " of the ASCII letters and digits, '_' and '-'";

    private KeyId() {}

    /** Whether that may be an id, see {@link #ALLOWED}. */
    public static boolean isOne(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }
}

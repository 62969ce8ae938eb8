package io.idempotenttrace.core.canonical;

import java.util.List;
import java.util.Locale;

/** What is told of a pointer that matches nothing: what there is instead. Names of members are told, never values. */
final class PointerMiss {

    /** More names, or longer ones, make no line that somebody reads; a map may have a name for each of its customers. */
    private static final int MOST_NAMES = 20;
    private static final int LONGEST_NAME = 60;

    private PointerMiss() {
    }

    /**
     * @param before the part of the pointer that matches
     * @param wanted the next segment, unescaped
     * @param value what is there; may be null
     */
    static String describe(String pointer, String before, String wanted, Object value) {
        StringBuilder text = new StringBuilder("'").append(UnhashableException.printable(pointer)).append("' matches nothing: ");
        String place = before.isEmpty() ? "it" : "'" + UnhashableException.printable(before) + "'";
        if (value == null) {
            return text.append(place).append(" is null").toString();
        }
        List<String> names = ValueMapping.of(value).childNames(value);
        text.append(place).append(", a ").append(value.getClass().getName()).append(", has ");
        if (names.isEmpty()) {
            return text.append("no members").toString();
        }
        for (int i = 0; i < Math.min(names.size(), MOST_NAMES); i++) {
            text.append(i == 0 ? "" : ", ").append(shown(before, names.get(i)));
        }
        if (names.size() > MOST_NAMES) {
            text.append(" and ").append(names.size() - MOST_NAMES).append(" more");
        }
        String nearest = nearest(wanted, names);
        return (nearest == null ? text : text.append("; did you mean '").append(shown(before, nearest)).append("'?")).toString();
    }

    private static String shown(String before, String name) {
        String pointer = UnhashableException.printable(before + "/" + Pointer.escape(name));
        return pointer.length() <= before.length() + LONGEST_NAME ? pointer : pointer.substring(0, before.length() + LONGEST_NAME) + "...";
    }

    /** The name that is most like the wanted one; null if none is. Case and what separates words count least. */
    static String nearest(String wanted, List<String> names) {
        String nearest = null;
        int least = Math.max(1, wanted.length() / 3) + 1;
        for (String name : names) {
            if (Math.abs(name.length() - wanted.length()) < least + 2 && name.length() <= LONGEST_NAME) {
                int distance = distance(plain(wanted), plain(name));
                if (distance < least) {
                    least = distance;
                    nearest = name;
                }
            }
        }
        return nearest;
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** How many characters are to be changed, added or left out. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}

package io.idempotenttrace.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what somebody meant who wrote a name that is none. */
public final class NearestName {

    /** Longer names are not typed by hand, and take long to compare. */
    private static final int LONGEST = 200;

    private NearestName() {}

    /** The name that is most like the wanted one; null if none is. Case and what separates words do not count. */
    public static @Nullable String of(String wanted, Collection<String> names) {
        @Nullable String nearest = null;
        String plain = plain(wanted);
        int least = Math.min(3, plain.length() / 2) + 1;
        for (String name : names) {
            if (name.length() <= LONGEST && wanted.length() <= LONGEST) {
                int distance = distance(plain, plain(name));
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

package io.idempotenttrace.core.canonical;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The members of the objects around the current value that are being put in order: one range of names and values for each such object, the
 * innermost last. The ranges share two arrays, which are used again; only references are sorted.
 */
final class MemberRanges {

    private static final int SMALL_SORT = 24;
    private static final int LARGEST_KEPT = 1024;

    private final KeyOrder order;
    private final MemberName.Cache knownNames = new MemberName.Cache();

    private MemberName[] names = new MemberName[32];
    private Object[] values = new Object[32];
    private int top;

    MemberRanges(KeyOrder order) {
        this.order = order;
    }

    /** @return where the range that is begun starts */
    int begin() {
        return top;
    }

    void add(String name, @Nullable Object value) {
        int place = top;
        if (place == names.length) {
            grow();
        }
        names[place] = knownNames.of(name);
        values[place] = value;
        top = place + 1;
    }

    private void grow() {
        names = Arrays.copyOf(names, top * 2);
        values = Arrays.copyOf(values, top * 2);
    }

    /**
     * Puts the last range in order.
     *
     * @return where it ends
     */
    int sort(int from) {
        sort(from, top);
        return top;
    }

    /** @return where the member of that name is in the last range; -1 if it has none */
    int find(int from, String name) {
        for (int i = from; i < top; i++) {
            if (names[i].text.equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** @return the longest name from there on that is the given one, or that with signs before it; null if there is none */
    @Nullable
    String longest(int from, String sign, String name) {
        String longest = null;
        for (int i = from; i < top; i++) {
            String text = names[i].text;
            int signs = text.length() - name.length();
            if (signs >= 0
                    && (longest == null || text.length() > longest.length())
                    && text.endsWith(name)
                    && text.startsWith(sign.repeat(signs))) {
                longest = text;
            }
        }
        return longest;
    }

    MemberName name(int i) {
        return names[i];
    }

    @Nullable
    Object value(int i) {
        return values[i];
    }

    /** Removes the last range. */
    void remove(int from) {
        Arrays.fill(values, from, top, null);
        top = from;
    }

    /** After a document was written: gives up room that only a large one needed, and the references to its names. */
    void rest() {
        if (names.length > LARGEST_KEPT) {
            names = new MemberName[32];
            values = new Object[32];
        }
    }

    private void sort(int from, int to) {
        if (to - from > SMALL_SORT) {
            sortMany(from, to);
            return;
        }
        for (int i = from + 1; i < to; i++) {
            MemberName name = names[i];
            Object value = values[i];
            int j = i - 1;
            for (; j >= from && compare(names[j], name) > 0; j--) {
                names[j + 1] = names[j];
                values[j + 1] = values[j];
            }
            names[j + 1] = name;
            values[j + 1] = value;
        }
    }

    private int compare(MemberName a, MemberName b) {
        return a.withoutSurrogates && b.withoutSurrogates ? a.text.compareTo(b.text) : order.compare(a.text, b.text);
    }

    private void sortMany(int from, int to) {
        Integer[] places = new Integer[to - from];
        for (int i = 0; i < places.length; i++) {
            places[i] = from + i;
        }
        Arrays.sort(places, (a, b) -> compare(names[a], names[b]));
        MemberName[] sortedNames = new MemberName[places.length];
        Object[] sortedValues = new Object[places.length];
        for (int i = 0; i < places.length; i++) {
            sortedNames[i] = names[places[i]];
            sortedValues[i] = values[places[i]];
        }
        System.arraycopy(sortedNames, 0, names, from, places.length);
        System.arraycopy(sortedValues, 0, values, from, places.length);
    }
}

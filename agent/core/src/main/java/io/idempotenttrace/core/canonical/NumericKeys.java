package io.idempotenttrace.core.canonical;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Maps whose keys are all numbers, which Python sorts as numbers; its booleans are numbers too. */
final class NumericKeys {

    /**
     * An entry with its place in the order.
     *
     * @param infinite -1, 0 or 1
     * @param number the key where it is finite; of a float what its digits say, not what it widens to
     * @param name the key as text
     */
    record Entry(int infinite, BigDecimal number, String name, Object value) {}

    private NumericKeys() {}

    /**
     * NaN is in no order with others: a map with such a key is sorted by text.
     *
     * @param ofValuesOnly whether the keys of null do not count
     */
    static boolean areAll(Map<?, ?> map, boolean ofValuesOnly) {
        boolean found = false;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object key = entry.getKey();
            if (ofValuesOnly && entry.getValue() == null) {
                continue;
            }
            if (!(key instanceof Boolean) && !isNumber(key)) {
                return false;
            }
            found = true;
        }
        return found;
    }

    private static boolean isNumber(Object key) {
        if (key instanceof Double || key instanceof Float) {
            return !Double.isNaN(((Number) key).doubleValue());
        }
        return key instanceof Integer
                || key instanceof Long
                || key instanceof Short
                || key instanceof Byte
                || key instanceof BigInteger
                || key instanceof BigDecimal;
    }

    /** The entries in the order of their keys; of equal numbers (1 and 1.0), in the order of their text. See {@link #areAll}. */
    static List<Entry> sorted(Map<?, ?> map, boolean ofValuesOnly) {
        List<Entry> entries = new ArrayList<>();
        map.forEach((key, value) -> {
            if (value != null || !ofValuesOnly) {
                entries.add(entry(key, name(key), value));
            }
        });
        entries.sort(Comparator.comparingInt(Entry::infinite)
                .thenComparing(Entry::number)
                .thenComparing(Entry::name));
        return entries;
    }

    /** Each number and boolean has one. */
    private static String name(Object key) {
        return Objects.requireNonNull(ValueMapping.of(key).memberName(key));
    }

    private static Entry entry(Object key, String name, Object value) {
        if (key instanceof Double || key instanceof Float) {
            double number = ((Number) key).doubleValue();
            return Double.isInfinite(number)
                    ? new Entry(number > 0 ? 1 : -1, BigDecimal.ZERO, name, value)
                    : new Entry(0, new BigDecimal(name), name, value);
        }
        BigDecimal number = key instanceof Boolean flag
                ? BigDecimal.valueOf(flag ? 1 : 0)
                : key instanceof BigDecimal decimal
                        ? decimal
                        : key instanceof BigInteger integer
                                ? new BigDecimal(integer)
                                : BigDecimal.valueOf(((Number) key).longValue());
        return new Entry(0, number, name, value);
    }
}

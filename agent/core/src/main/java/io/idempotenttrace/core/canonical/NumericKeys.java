package io.idempotenttrace.core.canonical;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Maps whose keys are all numbers, which Python sorts as numbers. */
final class NumericKeys {

    private NumericKeys() {
    }

    static boolean areAll(Map<?, ?> map) {
        if (map.isEmpty()) {
            return false;
        }
        for (Object key : map.keySet()) {
            if (!isFinite(key)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isFinite(Object key) {
        if (key instanceof Double || key instanceof Float) {
            double value = ((Number) key).doubleValue();
            return !Double.isNaN(value) && !Double.isInfinite(value);
        }
        return key instanceof Number && isPlatformNumber(key.getClass());
    }

    private static boolean isPlatformNumber(Class<?> type) {
        String name = type.getName();
        return name.startsWith("java.lang.") || name.startsWith("java.math.");
    }

    /** The entries in the order of their keys; of equal numbers (1 and 1.0), in the order of their text. */
    static List<Map.Entry<?, ?>> sorted(Map<?, ?> map) {
        List<Map.Entry<?, ?>> entries = new ArrayList<>();
        map.forEach((key, value) -> entries.add(new java.util.AbstractMap.SimpleEntry<>(key, value)));
        entries.sort(Comparator.<Map.Entry<?, ?>, BigDecimal>comparing(entry -> new BigDecimal(entry.getKey().toString()))
                .thenComparing(entry -> entry.getKey().toString()));
        return entries;
    }
}

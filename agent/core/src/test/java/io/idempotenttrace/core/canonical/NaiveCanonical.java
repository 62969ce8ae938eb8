package io.idempotenttrace.core.canonical;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The python form of plain JSON values, written the short and slow way: what the streamed writer is compared with. */
final class NaiveCanonical {

    private NaiveCanonical() {
    }

    static String of(Object value) {
        if (value instanceof String text) {
            return string(text);
        }
        if (value instanceof Double number) {
            return number(number);
        }
        if (value instanceof List<?> list) {
            return "[" + String.join(",", list.stream().map(NaiveCanonical::of).toList()) + "]";
        }
        if (value instanceof Map<?, ?> map) {
            List<String> keys = new ArrayList<>();
            map.keySet().forEach(key -> keys.add((String) key));
            keys.sort((a, b) -> compare(a.codePoints().toArray(), b.codePoints().toArray()));
            return "{" + String.join(",", keys.stream().map(key -> string(key) + ":" + of(map.get(key))).toList()) + "}";
        }
        return String.valueOf(value);
    }

    private static int compare(int[] a, int[] b) {
        return java.util.Arrays.compare(a, b);
    }

    private static String string(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            int plain = "\"\\\n\r\t\b\f".indexOf(c);
            json.append(plain >= 0 ? "\\" + "\"\\nrtbf".charAt(plain) : c < 32 || c > 126 ? String.format("\\u%04x", (int) c)
                    : String.valueOf(c));
        }
        return json.append('"').toString();
    }

    /** By trying all precisions until one reads back as the same number. */
    private static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        for (int precision = 1;; precision++) {
            BigDecimal rounded = new BigDecimal(value).round(new java.math.MathContext(precision));
            if (rounded.doubleValue() == value) {
                BigDecimal shortest = rounded.stripTrailingZeros();
                int exponent = shortest.precision() - shortest.scale() - 1;
                if (exponent < -4 || exponent >= 16) {
                    String digits = shortest.unscaledValue().abs().toString();
                    return (value < 0 ? "-" : "") + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "") + "e"
                            + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
                }
                String plain = shortest.toPlainString();
                return plain.contains(".") ? plain : plain + ".0";
            }
        }
    }
}

package io.idempotenttrace.core.canonical;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Both forms of plain JSON values, written the short and slow way: what the streamed writer is compared with. */
final class NaiveCanonical {

    private NaiveCanonical() {}

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
            return "{"
                    + String.join(
                            ",",
                            keys.stream()
                                    .map(key -> string(key) + ":" + of(map.get(key)))
                                    .toList()) + "}";
        }
        return String.valueOf(value);
    }

    /**
     * RFC 8785.
     *
     * @throws IllegalArgumentException if the value has no such form
     */
    static String jcs(Object value) {
        if (value instanceof String text) {
            return jcsString(text);
        }
        if (value instanceof Number number) {
            return jcsNumber(number);
        }
        if (value instanceof List<?> list) {
            return "[" + String.join(",", list.stream().map(NaiveCanonical::jcs).toList()) + "]";
        }
        if (value instanceof Map<?, ?> map) {
            java.util.TreeMap<String, Object> sorted = new java.util.TreeMap<>();
            map.forEach((key, member) -> sorted.put((String) key, member));
            return "{"
                    + String.join(
                            ",",
                            sorted.entrySet().stream()
                                    .map(e -> jcsString(e.getKey()) + ":" + jcs(e.getValue()))
                                    .toList())
                    + "}";
        }
        return String.valueOf(value);
    }

    private static String jcsString(String text) {
        if (!java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("lone surrogate");
        }
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            int plain = "\"\\\n\r\t\b\f".indexOf(c);
            json.append(
                    plain >= 0
                            ? "\\" + "\"\\nrtbf".charAt(plain)
                            : c < 32 ? String.format("\\u%04x", (int) c) : String.valueOf(c));
        }
        return json.append('"').toString();
    }

    private static String jcsNumber(Number number) {
        double value = number.doubleValue();
        boolean exact = number instanceof Double
                || !Double.isInfinite(value) && new BigDecimal(value).compareTo(new BigDecimal(number.toString())) == 0;
        if (!exact || Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("no double: " + number);
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal shortest = shortest(Math.abs(value));
        int point = shortest.precision() - shortest.scale();
        String sign = value < 0 ? "-" : "";
        if (point > -6 && point <= 21) {
            return sign + shortest.toPlainString();
        }
        String digits = shortest.unscaledValue().toString();
        return sign + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "") + "e"
                + (point > 0 ? "+" : "") + (point - 1);
    }

    /** JSON of the value with any blanks, escapes and order of members. */
    static String loosely(Object value, Random random) {
        if (value instanceof List<?> list) {
            return blank(random) + "[" + blank(random)
                    + String.join(
                            ",",
                            list.stream()
                                    .map(element -> loosely(element, random))
                                    .toList()) + "]" + blank(random);
        }
        if (value instanceof Map<?, ?> map) {
            List<Object> keys = new ArrayList<>(map.keySet());
            Collections.shuffle(keys, random);
            return blank(random) + "{" + blank(random)
                    + String.join(
                            ",",
                            keys.stream()
                                    .map(key -> blank(random) + looseString((String) key, random) + blank(random) + ":"
                                            + loosely(map.get(key), random))
                                    .toList())
                    + "}" + blank(random);
        }
        return blank(random) + (value instanceof String text ? looseString(text, random) : of(value)) + blank(random);
    }

    private static String blank(Random random) {
        return List.of("", "", "", " ", "\t", "\n", "\r\n ").get(random.nextInt(7));
    }

    private static String looseString(String text, Random random) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            boolean must = c < 32 || c == '"' || c == '\\';
            switch (must ? random.nextInt(2) : random.nextInt(6)) {
                case 0 -> json.append(String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) c));
                case 1 ->
                    json.append(
                            string(String.valueOf(c)),
                            1,
                            string(String.valueOf(c)).length() - 1);
                default -> json.append(c == '/' ? "\\/" : String.valueOf(c));
            }
        }
        return json.append('"').toString();
    }

    private static int compare(int[] a, int[] b) {
        return java.util.Arrays.compare(a, b);
    }

    private static String string(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            int plain = "\"\\\n\r\t\b\f".indexOf(c);
            json.append(
                    plain >= 0
                            ? "\\" + "\"\\nrtbf".charAt(plain)
                            : c < 32 || c > 126 ? String.format("\\u%04x", (int) c) : String.valueOf(c));
        }
        return json.append('"').toString();
    }

    private static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = shortest(value);
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent < -4 || exponent >= 16) {
            String digits = shortest.unscaledValue().abs().toString();
            return (value < 0 ? "-" : "") + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "")
                    + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
        }
        String plain = shortest.toPlainString();
        return plain.contains(".") ? plain : plain + ".0";
    }

    /** By trying all precisions until one reads back as the same number; half-way between two, the even one. */
    private static BigDecimal shortest(double value) {
        for (int precision = 1; ; precision++) {
            BigDecimal rounded = new BigDecimal(value).round(new MathContext(precision, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == value) {
                return rounded.stripTrailingZeros();
            }
        }
    }
}

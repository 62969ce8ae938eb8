package io.idempotenttrace.dist.matrix;

import java.util.List;

/**
 * What a method of the matrix returns.
 *
 * @param release the Java release from which on the source compiles
 * @param type as written in the source
 * @param value the expression that a body returns; {@code payload} is the call's, an int above 0
 * @param traceId whether the method is annotated with {@code @TraceId}
 */
record ReturnType(int release, String type, String value, boolean traceId) {

    static final List<ReturnType> ALL = List.of(
            stored("void", ""),
            stored("boolean", "payload % 2 == 1"),
            stored("byte", "(byte) (payload - 100)"),
            stored("short", "(short) (payload * -7)"),
            stored("char", "(char) ('a' + payload)"),
            stored("int", "payload * 1000003"),
            stored("long", "payload * 10000000000L + Long.MIN_VALUE"),
            stored("float", "payload / 3f"),
            stored("double", "payload / 3d"),
            stored("Boolean", "Boolean.valueOf(payload % 2 == 0)"),
            stored("Byte", "Byte.valueOf((byte) payload)"),
            stored("Short", "Short.valueOf((short) payload)"),
            stored("Character", "Character.valueOf('\\u20ac')"),
            stored("Integer", "Integer.valueOf(-payload)"),
            stored("Long", "Long.valueOf(payload)"),
            stored("Float", "Float.valueOf(Float.POSITIVE_INFINITY)"),
            stored("Double", "Double.valueOf(payload == 0 ? 0 : Double.NaN)"),
            stored("String", "\"text \\ud83d\\ude02 \" + payload"),
            stored("Object", "payload % 2 == 1 ? (Object) \"text\" : (Object) 7"),
            stored("int[]", "new int[] {payload, -1}"),
            stored("byte[]", "new byte[] {(byte) payload, -1}"),
            stored("long[][]", "new long[][] {{payload}, {}, null}"),
            stored("String[]", "new String[] {\"a\", null, \"\"}"),
            stored(
                    "java.math.BigDecimal",
                    "new java.math.BigDecimal(\"1.10\").add(java.math.BigDecimal.valueOf(payload))"),
            stored("java.math.BigInteger", "java.math.BigInteger.ONE.shiftLeft(100 + payload)"),
            stored("java.util.UUID", "new java.util.UUID(payload, 7L)"),
            stored("java.time.Instant", "java.time.Instant.ofEpochSecond(1700000000L + payload, 123456789L)"),
            stored("java.time.Duration", "java.time.Duration.ofMillis(payload)"),
            stored("java.time.OffsetDateTime", "java.time.OffsetDateTime.parse(\"2026-01-01T10:00:00.5+05:30\")"),
            stored(
                    "java.time.ZonedDateTime",
                    "java.time.ZonedDateTime.parse(\"2026-07-01T10:00:00+02:00[Europe/Berlin]\")"),
            stored("java.time.LocalDate", "java.time.LocalDate.ofEpochDay(payload)"),
            stored("java.util.Date", "new java.util.Date(1700000000123L + payload)"),
            stored("java.net.URI", "java.net.URI.create(\"urn:x:\" + payload)"),
            stored("java.util.Locale", "java.util.Locale.CANADA_FRENCH"),
            stored(
                    "java.util.EnumMap<Values.Color, Integer>",
                    "new java.util.EnumMap<Values.Color, Integer>(java.util.Collections.singletonMap(Values.Color.RED, payload))"),
            stored(
                    "java.util.TreeMap<Integer, long[]>",
                    "new java.util.TreeMap<Integer, long[]>(java.util.Collections.<Integer, long[]>emptyMap())"),
            stored(
                    "java.util.Map<String, Object>",
                    "new java.util.HashMap<String, Object>(java.util.Collections.singletonMap(\"k\","
                            + " java.util.Arrays.<Object>asList(payload, \"x\", true, null, 1.5)))"),
            stored("java.util.Optional<String>", "java.util.Optional.<String>empty()"),
            stored("java.util.Optional<Values.Bean>", "java.util.Optional.of(Values.bean(payload))"),
            stored("java.util.OptionalLong", "java.util.OptionalLong.of(payload)"),
            stored(
                    "java.util.List<Values.Bean>",
                    "java.util.Arrays.asList(Values.bean(payload), null, Values.bean(2))"),
            stored(
                    "java.util.Set<Long>",
                    "new java.util.LinkedHashSet<Long>(java.util.Arrays.asList(3L, (long) payload))"),
            stored(
                    "java.util.Map<String, java.util.List<Values.Bean>>",
                    "java.util.Collections.singletonMap(\"a:b\", java.util.Collections.singletonList(Values.bean(payload)))"),
            stored("Values.Bean", "Values.bean(payload)"),
            stored("Values.Color", "payload % 2 == 1 ? Values.Color.RED : Values.Color.GREEN"),
            stored("java.util.concurrent.TimeUnit", "null"),
            new ReturnType(
                    16,
                    "Modern.Order",
                    "new Modern.Order(\"o\" + payload, java.util.List.of(new Modern.Line(\"kettle\", 1.5)))",
                    false),
            new ReturnType(
                    17,
                    "Modern.Shape",
                    "payload % 2 == 1 ? new Modern.Circle(payload) : new Modern.Group<>(java.util.List.of("
                            + "new Modern.Circle(2), Modern.Unit.POINT))",
                    false),
            new ReturnType(
                    17,
                    "Modern.Pair<Modern.Order, java.util.List<Long>>",
                    "new Modern.Pair<>(new Modern.Order(\"x\", java.util.List.of()), java.util.List.of(5L))",
                    false),
            traced("String", "\"trace-\" + payload"),
            traced("CharSequence", "\"sequence-\" + payload"),
            traced("java.util.UUID", "new java.util.UUID(9L, payload)"),
            traced("long", "Long.MAX_VALUE - payload"),
            traced("Long", "null"));

    private static ReturnType stored(String type, String value) {
        return new ReturnType(8, type, value, false);
    }

    private static ReturnType traced(String type, String value) {
        return new ReturnType(8, type, value, true);
    }

    boolean isVoid() {
        return type.equals("void");
    }

    /** As a type argument. */
    String boxed() {
        return switch (type) {
            case "int" -> "Integer";
            case "char" -> "Character";
            case "void" -> "Void";
            case "boolean", "byte", "short", "long", "float", "double" ->
                Character.toUpperCase(type.charAt(0)) + type.substring(1);
            default -> type;
        };
    }
}

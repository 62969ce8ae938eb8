package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's table of Java's types and what Python's {@code json.dumps(..., default=str)} writes for the same value. */
class PythonStrTest {

    private static final PayloadHasher STR = new PayloadHasher(CanonicalForm.PYTHON_STR);
    private static final PayloadHasher PYTHON = new PayloadHasher(CanonicalForm.PYTHON);

    enum Color {
        RED,
        GREEN {
            @Override
            public String toString() {
                return "the green one";
            }
        }
    }

    enum Named {
        @JsonProperty("first")
        ONE
    }

    enum Valued {
        ONE;

        @JsonValue
        int number() {
            return 1;
        }
    }

    record Span(String id, Instant at, BigDecimal amount, Color color) {}

    /**
     * @param python an expression that gives the value in Python
     * @param json what both write
     */
    private record Row(Object value, String python, String json) {}

    private static final List<Row> TABLE = List.of(
            row(
                    Instant.parse("2026-01-02T03:04:05Z"),
                    "datetime(2026,1,2,3,4,5,tzinfo=timezone.utc)",
                    "2026-01-02 03:04:05+00:00"),
            row(
                    Instant.parse("2026-01-02T03:04:05.100Z"),
                    "datetime(2026,1,2,3,4,5,100000,tzinfo=timezone.utc)",
                    "2026-01-02 03:04:05.100000+00:00"),
            row(
                    OffsetDateTime.parse("2026-01-02T03:04:05.000001-05:30"),
                    "datetime(2026,1,2,3,4,5,1,tzinfo=timezone(-timedelta(hours=5,minutes=30)))",
                    "2026-01-02 03:04:05.000001-05:30"),
            row(
                    ZonedDateTime.of(2026, 7, 2, 3, 4, 0, 0, ZoneId.of("Europe/Zurich")),
                    "datetime(2026,7,2,3,4,tzinfo=timezone(timedelta(hours=2)))",
                    "2026-07-02 03:04:00+02:00"),
            row(new Date(0), "datetime(1970,1,1,tzinfo=timezone.utc)", "1970-01-01 00:00:00+00:00"),
            row(
                    Timestamp.from(Instant.parse("2026-01-02T03:04:05.000006Z")),
                    "datetime(2026,1,2,3,4,5,6,tzinfo=timezone.utc)",
                    "2026-01-02 03:04:05.000006+00:00"),
            row(LocalDateTime.of(2026, 1, 2, 3, 4), "datetime(2026,1,2,3,4)", "2026-01-02 03:04:00"),
            row(LocalDate.of(5, 1, 2), "date(5,1,2)", "0005-01-02"),
            row(java.sql.Date.valueOf("2026-01-02"), "date(2026,1,2)", "2026-01-02"),
            row(java.sql.Time.valueOf("03:04:05"), "time(3,4,5)", "03:04:05"),
            row(LocalTime.of(3, 4), "time(3,4)", "03:04:00"),
            row(LocalTime.of(3, 4, 5, 120_000), "time(3,4,5,120)", "03:04:05.000120"),
            row(OffsetTime.parse("03:04Z"), "time(3,4,tzinfo=timezone.utc)", "03:04:00+00:00"),
            row(Duration.ofMillis(86_401_500), "timedelta(days=1,seconds=1,milliseconds=500)", "1 day, 0:00:01.500000"),
            row(Duration.ofHours(-1), "timedelta(hours=-1)", "-1 day, 23:00:00"),
            row(Duration.ofDays(-2), "timedelta(days=-2)", "-2 days, 0:00:00"),
            row(Duration.ofMinutes(61), "timedelta(minutes=61)", "1:01:00"),
            row(new BigDecimal("1.00"), "Decimal('1.00')", "1.00"),
            row(new BigDecimal("1E-8"), "Decimal('1E-8')", "1E-8"),
            row(new BigDecimal("1E+3"), "Decimal('1E+3')", "1E+3"),
            row(new UUID(1, 2), "UUID(int=(1<<64)+2)", "00000000-0000-0001-0000-000000000002"),
            row(new byte[] {0, 'a', '\'', '\\', -1}, "b\"\\x00a'\\\\\\xff\"", "b\"\\x00a'\\\\\\xff\""),
            row("it".getBytes(StandardCharsets.US_ASCII), "b'it'", "b'it'"),
            row(ByteBuffer.wrap(new byte[] {'"', '\''}), "b'\"\\''", "b'\"\\''"),
            row(Path.of("a", "b"), "PurePosixPath('a/b')", "a/b"),
            row(Color.RED, "Color.RED", "Color.RED"),
            row(Color.GREEN, "Color.GREEN", "Color.GREEN"));

    private static Row row(Object value, String python, String text) {
        return new Row(value, python, '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }

    @TempDir
    Path folder;

    private static String str(Object value) {
        return new String(STR.canonical(value, Exclusions.NONE), StandardCharsets.US_ASCII);
    }

    @Test
    void eachTypeHasTheTextOfTheTable() {
        for (Row row : TABLE) {
            assertEquals(row.json, str(row.value), row.python);
        }
    }

    @Test
    void pythonItselfWritesTheTable() throws Exception {
        StringBuilder program =
                new StringBuilder("import json\nfrom datetime import *\nfrom decimal import *\nfrom enum import *\n"
                        + "from pathlib import *\nfrom uuid import *\nColor = Enum('Color', 'RED GREEN')\n");
        List<String> expected = new ArrayList<>();
        for (Row row : TABLE) {
            program.append("print(json.dumps(").append(row.python).append(", default=str))\n");
            expected.add(row.json);
        }
        assertEquals(expected, OtherLanguages.run(folder, program.toString(), "python3", "-"));
    }

    @Test
    void aBeanIsAnObjectOfSuchTexts() {
        assertEquals(
                "{\"amount\":\"1.50\",\"at\":\"1970-01-01 00:00:00+00:00\",\"color\":\"Color.RED\",\"id\":\"\\u00e9\"}",
                str(new Span("\u00e9", Instant.EPOCH, new BigDecimal("1.50"), Color.RED)));
    }

    @Test
    void aConstantThatIsNamedForJsonIsThatName() {
        assertEquals("\"first\"", str(Named.ONE));
        assertEquals("1", str(Valued.ONE));
    }

    @Test
    void nanosecondsStayApartThoughPythonHasNone() {
        assertEquals("\"1970-01-01 00:00:00.000000001+00:00\"", str(Instant.ofEpochSecond(0, 1)));
        assertEquals("\"0:00:00.000001001\"", str(Duration.ofNanos(1001)));
        assertEquals("\"+1000000000-12-31T23:59:59.999999999Z\"", str(Instant.MAX));
    }

    /** Python's text of a set follows its hash table, which is another one in each process. */
    @Test
    void aSetIsASortedListAsInTheOtherForms() {
        assertEquals("[\"a\",\"b\"]", str(new LinkedHashSet<>(List.of("b", "a"))));
        assertEquals("[]", str(Set.of()));
        assertEquals("[\"Color.RED\"]", str(Set.of(Color.RED)));
    }

    @Test
    void whatIsJsonOrHasNoTypeInPythonIsAsInFormPython() {
        for (Object value : new Object[] {
            "text",
            1.5,
            1e16,
            0.1f,
            new BigInteger("12345678901234567890"),
            true,
            List.of(1, "a"),
            URI.create("a:b"),
            Period.ofDays(1),
            ZoneId.of("Europe/Zurich"),
            Map.of(1, "a", 10, "b")
        }) {
            assertEquals(new String(PYTHON.canonical(value, Exclusions.NONE), StandardCharsets.US_ASCII), str(value));
        }
    }

    /** Python refuses such keys. A key is found by the same pointer, and is the same key of a record, in each form. */
    @Test
    void keysAreTheSameInEachForm() {
        Map<Object, Integer> map = Map.of(LocalTime.of(3, 4), 1, Color.RED, 2, new BigDecimal("1.50"), 3);
        assertEquals("{\"03:04\":1,\"1.5\":3,\"RED\":2}", str(map));
        assertEquals("2026-01-02T00:00:00Z", Pointer.parse("").textAt(Instant.parse("2026-01-02T00:00:00Z")));
    }

    /** A tree is JSON: it has no dates and no decimals, and Python reads it as numbers and text. */
    @Test
    void aTreeIsTheJsonThatItHolds() {
        com.fasterxml.jackson.databind.node.ObjectNode tree =
                com.fasterxml.jackson.databind.json.JsonMapper.builder().build().createObjectNode();
        tree.put("decimal", new BigDecimal("1.50")).put("bytes", new byte[] {1});
        assertEquals("{\"bytes\":\"AQ==\",\"decimal\":1.5}", str(tree));
    }
}

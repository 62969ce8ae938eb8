package io.idempotenttrace.weaver;

import io.idempotenttrace.testkit.FuzzInput;
import io.idempotenttrace.testkit.Fuzzing;
import java.lang.reflect.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Stored results as anybody may have written them into Redis, read into types that methods return: a value of the type, or a
 * RuntimeException, by which the duplicate gets DuplicateTraceException. No error, and no class that the text names.
 */
class ResultFuzzTest {

    sealed interface Shape permits Circle, Square {}

    record Circle(double radius) implements Shape {}

    record Square(int side, Optional<String> name) implements Shape {}

    record Order(String id, List<Square> squares, Map<String, Object> more, BigDecimal amount) {}

    @SuppressWarnings("unused")
    static final class Results {
        Object anything;
        Number number;
        Comparable<?> comparable;
        CharSequence text;
        Integer integer;
        long[] longs;
        byte[] bytes;
        BigInteger large;
        BigDecimal decimal;
        Order order;
        Shape shape;
        List<Shape> shapes;
        Map<TimeUnit, Duration> durations;
        EnumMap<TimeUnit, Long> counts;
        Map<Class<?>, String> classes;
        Set<UUID> ids;
        ZonedDateTime time;
        Optional<List<Optional<Integer>>> held;
        Throwable thrown;
        StackTraceElement[] trace;
    }

    private static final List<String> WORDS = List.of(
            "{",
            "}",
            "[",
            "]",
            "\"id\":",
            "\"squares\":",
            "\"radius\":1.0",
            "\"@class\":\"java.util.ArrayList\"",
            "\"SECONDS\"",
            "null",
            "1e99999",
            "long 5",
            "decimal 1e999999999",
            "integer 7",
            "char 65",
            "double NaN",
            "\"java.lang.ProcessBuilder\"",
            "!x: y",
            "[\"io.idempotenttrace.weaver.ResultFuzzTest$Circle\",{\"radius\":1}]",
            "\"2026-01-02T03:04:05Z\"");

    private static final List<ResultJson> READERS = Arrays.stream(Results.class.getDeclaredFields())
            .filter(field -> !field.isSynthetic())
            .map(Field::getGenericType)
            .map(type -> new ResultJson(type, Results.class, /* part= */ false))
            .toList();

    @Test
    void aStoredResultIsReadOrRefused() {
        Fuzzing.run("results", WORDS, ResultFuzzTest::readResult);
    }

    private static void readResult(byte[] data) {
        FuzzInput input = new FuzzInput(data);
        ResultJson reader = READERS.get(input.below(READERS.size()));
        String stored = input.restAsText();
        try {
            reader.read(stored);
        } catch (RuntimeException refused) {
            // Its duplicate gets DuplicateTraceException.
        }
    }
}

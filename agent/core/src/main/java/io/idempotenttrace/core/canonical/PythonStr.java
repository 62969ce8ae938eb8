package io.idempotenttrace.core.canonical;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What Python's {@code str} gives for values that JSON has no type for: {@link CanonicalForm#PYTHON_STR}. The README has the table of
 * Java's types and their texts, and {@code PythonStrTest} compares them with Python's own.
 *
 * <p>A fraction of a second has six digits, or none where it is zero. Python knows no nanoseconds: a fraction that is no whole number
 * of microseconds is written with nine digits, which no value of Python has, so that two times never hash alike.
 */
final class PythonStr {

    private static final int SECONDS_A_DAY = 86_400;

    private PythonStr() {}

    /** The text of a type of java.time, where it is another one than its own; null for any other type. */
    static @Nullable Function<Object, String> of(Class<?> type) {
        if (type == Instant.class) {
            return value -> aware((Instant) value);
        }
        if (type == OffsetDateTime.class) {
            return value -> aware(((OffsetDateTime) value).toLocalDateTime(), ((OffsetDateTime) value).getOffset());
        }
        if (type == ZonedDateTime.class) {
            return value -> aware(((ZonedDateTime) value).toLocalDateTime(), ((ZonedDateTime) value).getOffset());
        }
        if (type == LocalDateTime.class) {
            return value -> naive((LocalDateTime) value);
        }
        if (type == LocalTime.class) {
            return value -> time((LocalTime) value);
        }
        if (type == OffsetTime.class) {
            return value -> time(((OffsetTime) value).toLocalTime()) + offset(((OffsetTime) value).getOffset());
        }
        return type == Duration.class ? value -> timedelta((Duration) value) : null;
    }

    /** A datetime in UTC: {@code 2026-01-02 03:04:05+00:00}. */
    static String aware(Instant instant) {
        try {
            return aware(LocalDateTime.ofInstant(instant, ZoneOffset.UTC), ZoneOffset.UTC);
        } catch (DateTimeException e) {
            // A year of ten digits, which no date has, in Java nor in Python.
            return instant.toString();
        }
    }

    private static String aware(LocalDateTime local, ZoneOffset offset) {
        return naive(local) + offset(offset);
    }

    /** A datetime without time zone. */
    static String naive(LocalDateTime local) {
        return local.toLocalDate() + " " + time(local.toLocalTime());
    }

    static String time(LocalTime time) {
        StringBuilder text = new StringBuilder(18);
        appendTwo(text, time.getHour()).append(':');
        appendTwo(text, time.getMinute()).append(':');
        appendTwo(text, time.getSecond());
        return appendFraction(text, time.getNano()).toString();
    }

    private static String offset(ZoneOffset offset) {
        return offset.getTotalSeconds() == 0 ? "+00:00" : offset.getId();
    }

    /** A timedelta: {@code 1 day, 0:00:01.500000}; of a negative one the days alone are negative. */
    static String timedelta(Duration duration) {
        long days = Math.floorDiv(duration.getSeconds(), SECONDS_A_DAY);
        int seconds = Math.floorMod(duration.getSeconds(), SECONDS_A_DAY);
        StringBuilder text = new StringBuilder(32);
        if (days != 0) {
            text.append(days).append(days == 1 || days == -1 ? " day, " : " days, ");
        }
        text.append(seconds / 3600).append(':');
        appendTwo(text, seconds / 60 % 60).append(':');
        appendTwo(text, seconds % 60);
        return appendFraction(text, duration.getNano()).toString();
    }

    /** A constant of an enum: {@code Color.RED}. */
    static String constant(Enum<?> constant) {
        return constant.getDeclaringClass().getSimpleName() + "." + constant.name();
    }

    private static StringBuilder appendTwo(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private static StringBuilder appendFraction(StringBuilder text, int nanos) {
        if (nanos == 0) {
            return text;
        }
        boolean micros = nanos % 1000 == 0;
        String digits = Integer.toString(micros ? nanos / 1000 : nanos);
        return text.append('.')
                .append("0".repeat((micros ? 6 : 9) - digits.length()))
                .append(digits);
    }
}

package io.idempotenttrace.survey;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.chrono.JapaneseDate;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.ValueRange;
import java.time.temporal.WeekFields;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.SimpleTimeZone;
import java.util.TimeZone;

/** Dates and times of the JDK. */
final class JdkTime {

    private JdkTime() {}

    static void add(Survey survey) {
        Library library = survey.library("java.time, java.util dates", "in every program");
        library.type("Instant", () -> Instant.ofEpochSecond(1, 2))
                .part("nanosecond", () -> Instant.ofEpochSecond(1, 3))
                .part("second", () -> Instant.ofEpochSecond(2, 2));
        library.type("LocalDate", () -> LocalDate.of(2020, 1, 2))
                .part("day", () -> LocalDate.of(2020, 1, 3))
                .part("month", () -> LocalDate.of(2020, 2, 2));
        library.type("LocalTime", () -> LocalTime.of(1, 2))
                .part("nanosecond", () -> LocalTime.of(1, 2, 0, 1))
                .part("minute", () -> LocalTime.of(1, 3));
        library.type("LocalDateTime", () -> LocalDateTime.of(2020, 1, 2, 3, 4))
                .part("minute", () -> LocalDateTime.of(2020, 1, 2, 3, 5));
        library.type("OffsetDateTime", () -> OffsetDateTime.of(2020, 1, 2, 3, 4, 5, 6, ZoneOffset.UTC))
                .part("offset", () -> OffsetDateTime.of(2020, 1, 2, 3, 4, 5, 6, ZoneOffset.ofHours(1)))
                .part("nanosecond", () -> OffsetDateTime.of(2020, 1, 2, 3, 4, 5, 7, ZoneOffset.UTC));
        library.type("OffsetTime", () -> OffsetTime.of(1, 2, 3, 4, ZoneOffset.UTC))
                .part("offset", () -> OffsetTime.of(1, 2, 3, 4, ZoneOffset.ofHours(1)));
        library.type("ZonedDateTime", () -> zoned("Europe/Paris"))
                .part("zone", () -> zoned("Europe/Berlin"))
                .part("second", () -> zoned("Europe/Paris").plusSeconds(1));
        library.type("Duration", () -> Duration.ofSeconds(1, 2))
                .part("nanosecond", () -> Duration.ofSeconds(1, 3))
                .part("sign", () -> Duration.ofSeconds(-1, 2));
        library.type("Period", () -> Period.of(1, 2, 3))
                .part("years", () -> Period.of(0, 2, 3))
                .part("months", () -> Period.of(1, 0, 3))
                .part("days", () -> Period.of(1, 2, 0));
        library.type("Year", () -> Year.of(2020)).part("year", () -> Year.of(2021));
        library.type("YearMonth", () -> YearMonth.of(2020, 1)).part("month", () -> YearMonth.of(2020, 2));
        library.type("MonthDay", () -> MonthDay.of(1, 2)).part("day", () -> MonthDay.of(1, 3));
        library.type("ZoneId", () -> ZoneId.of("Europe/Paris")).part("id", () -> ZoneId.of("Europe/Berlin"));
        library.type("ZoneOffset", () -> ZoneOffset.ofHours(1)).part("offset", () -> ZoneOffset.ofHours(2));
        library.type("DayOfWeek", () -> DayOfWeek.MONDAY).part("day", () -> DayOfWeek.FRIDAY);
        library.type("Month", () -> Month.MAY).part("month", () -> Month.JUNE);
        library.type("ChronoUnit", () -> ChronoUnit.DAYS).part("unit", () -> ChronoUnit.HOURS);
        library.type("ChronoField", () -> ChronoField.DAY_OF_MONTH).part("field", () -> ChronoField.DAY_OF_YEAR);
        library.type("JapaneseDate", () -> JapaneseDate.of(2020, 1, 2)).part("day", () -> JapaneseDate.of(2020, 1, 3));
        library.type("ValueRange", () -> ValueRange.of(1, 2, 3, 4))
                .part("smallest minimum", () -> ValueRange.of(0, 2, 3, 4))
                .part("largest minimum", () -> ValueRange.of(1, 1, 3, 4))
                .part("smallest maximum", () -> ValueRange.of(1, 2, 2, 4))
                .part("largest maximum", () -> ValueRange.of(1, 2, 3, 5));
        library.type("WeekFields", () -> WeekFields.of(DayOfWeek.MONDAY, 4))
                .part("first day", () -> WeekFields.of(DayOfWeek.SUNDAY, 4))
                .part("days", () -> WeekFields.of(DayOfWeek.MONDAY, 1));
        library.type("Date", () -> new Date(1)).part("millisecond", () -> new Date(2));
        library.type("GregorianCalendar", () -> calendar("UTC", 1))
                .part("time", () -> calendar("UTC", 2))
                .part("zone", () -> calendar("Europe/Paris", 1));
        library.type("TimeZone", () -> TimeZone.getTimeZone("Europe/Paris"))
                .part("id", () -> TimeZone.getTimeZone("Europe/Berlin"));
        library.type("SimpleTimeZone", () -> new SimpleTimeZone(1, "a"))
                .part("offset", () -> new SimpleTimeZone(2, "a"))
                .part("id", () -> new SimpleTimeZone(1, "b"));
        library.type("Clock", () -> java.time.Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))
                .part("instant", () -> java.time.Clock.fixed(Instant.ofEpochSecond(1), ZoneOffset.UTC));
    }

    private static ZonedDateTime zoned(String zone) {
        return ZonedDateTime.of(LocalDateTime.of(2020, 1, 2, 3, 4), ZoneId.of(zone));
    }

    private static Calendar calendar(String zone, long time) {
        Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone(zone), java.util.Locale.ROOT);
        calendar.setTimeInMillis(time);
        return calendar;
    }
}

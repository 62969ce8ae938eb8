package io.idempotenttrace.survey;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import com.github.f4b6a3.ulid.Ulid;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.math.BigDecimal;
import java.time.Instant;
import javax.money.Monetary;
import org.apache.maven.artifact.versioning.ComparableVersion;
import org.apache.maven.artifact.versioning.DefaultArtifactVersion;
import org.javamoney.moneta.FastMoney;
import org.javamoney.moneta.Money;
import org.joda.money.BigMoney;
import org.joda.money.CurrencyUnit;
import org.joda.time.DateTime;
import org.joda.time.DateTimeZone;
import org.joda.time.Duration;
import org.joda.time.Interval;
import org.joda.time.LocalDate;
import org.joda.time.LocalDateTime;
import org.joda.time.LocalTime;
import org.joda.time.Period;
import org.joda.time.YearMonth;
import org.semver4j.Semver;
import org.threeten.extra.Days;
import org.threeten.extra.PeriodDuration;
import org.threeten.extra.Quarter;
import org.threeten.extra.YearQuarter;
import org.threeten.extra.YearWeek;
import tech.units.indriya.quantity.Quantities;
import tech.units.indriya.unit.Units;

/** Times, amounts, units, identifiers and versions. */
final class Times {

    private Times() {}

    static void add(Survey survey) {
        joda(survey);
        threeTen(survey);
        money(survey);
        identifiers(survey);
    }

    private static void joda(Survey survey) {
        Library library = survey.library("joda-time:joda-time", "times before java.time, still in most older services");
        library.type("DateTime", () -> new DateTime(1, DateTimeZone.UTC))
                .part("millisecond", () -> new DateTime(2, DateTimeZone.UTC))
                .part("zone", () -> new DateTime(1, DateTimeZone.forID("Europe/Paris")))
                .part("zone of the same offset", () -> new DateTime(1, DateTimeZone.forID("Europe/Berlin")));
        library.type("joda Instant", () -> new org.joda.time.Instant(1))
                .part("millisecond", () -> new org.joda.time.Instant(2));
        library.type("LocalDate", () -> new LocalDate(2020, 1, 2)).part("day", () -> new LocalDate(2020, 1, 3));
        library.type("LocalTime", () -> new LocalTime(1, 2, 3, 4)).part("millisecond", () -> new LocalTime(1, 2, 3, 5));
        library.type("LocalDateTime", () -> new LocalDateTime(2020, 1, 2, 3, 4))
                .part("minute", () -> new LocalDateTime(2020, 1, 2, 3, 5));
        library.type("Duration", () -> new Duration(1)).part("millisecond", () -> new Duration(2));
        library.type("Period", () -> new Period(1, 2, 3, 4, 5, 6, 7, 8))
                .part("weeks", () -> new Period(1, 2, 0, 4, 5, 6, 7, 8))
                .part("millis", () -> new Period(1, 2, 3, 4, 5, 6, 7, 9));
        library.type("Interval", () -> new Interval(1, 5, DateTimeZone.UTC))
                .part("start", () -> new Interval(2, 5, DateTimeZone.UTC))
                .part("end", () -> new Interval(1, 6, DateTimeZone.UTC));
        library.type("YearMonth", () -> new YearMonth(2020, 1)).part("month", () -> new YearMonth(2020, 2));
        library.type("DateTimeZone", () -> DateTimeZone.forID("Europe/Paris"))
                .part("id", () -> DateTimeZone.forID("Europe/Berlin"));
        library.type("Days", () -> org.joda.time.Days.days(1)).part("days", () -> org.joda.time.Days.days(2));
    }

    private static void threeTen(Survey survey) {
        Library library = survey.library("org.threeten:threeten-extra", "what java.time left out");
        library.type("Interval", () -> org.threeten.extra.Interval.of(Instant.EPOCH, Instant.ofEpochSecond(5)))
                .part("end", () -> org.threeten.extra.Interval.of(Instant.EPOCH, Instant.ofEpochSecond(6)));
        library.type("YearQuarter", () -> YearQuarter.of(2020, 1))
                .part("quarter", () -> YearQuarter.of(2020, 2))
                .part("year", () -> YearQuarter.of(2021, 1));
        library.type("YearWeek", () -> YearWeek.of(2020, 1)).part("week", () -> YearWeek.of(2020, 2));
        library.type("Days", () -> Days.of(1)).part("days", () -> Days.of(2));
        library.type("PeriodDuration", () -> PeriodDuration.parse("P1DT1H"))
                .part("hours", () -> PeriodDuration.parse("P1DT2H"))
                .part("days", () -> PeriodDuration.parse("P2DT1H"));
        library.type("Quarter", () -> Quarter.Q1).part("quarter", () -> Quarter.Q2);
        library.type("LocalDateRange", () -> range(2)).part("end", () -> range(3));

        Library kotlin = survey.library("org.jetbrains.kotlinx:kotlinx-datetime-jvm", "times of Kotlin");
        kotlin.type("LocalDate", () -> new kotlinx.datetime.LocalDate(2020, 1, 2))
                .part("day", () -> new kotlinx.datetime.LocalDate(2020, 1, 3));
        kotlin.type("LocalDateTime", () -> new kotlinx.datetime.LocalDateTime(2020, 1, 2, 3, 4, 5, 6))
                .part("nanosecond", () -> new kotlinx.datetime.LocalDateTime(2020, 1, 2, 3, 4, 5, 7));
        kotlin.type("LocalTime", () -> new kotlinx.datetime.LocalTime(1, 2, 3, 4))
                .part("nanosecond", () -> new kotlinx.datetime.LocalTime(1, 2, 3, 5));
        kotlin.type("TimeZone", () -> kotlinx.datetime.TimeZone.Companion.of("Europe/Paris"))
                .part("id", () -> kotlinx.datetime.TimeZone.Companion.of("Europe/Berlin"));

        Library cron = survey.library("com.cronutils:cron-utils", "schedules");
        cron.type("Cron", () -> cron("0 0 * * *")).part("hour", () -> cron("0 1 * * *"));
    }

    private static Object range(int day) {
        return org.threeten.extra.LocalDateRange.of(
                java.time.LocalDate.of(2020, 1, 1), java.time.LocalDate.of(2020, 1, day));
    }

    private static Object cron(String text) {
        return new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(text);
    }

    private static void money(Survey survey) {
        Library joda = survey.library("org.joda:joda-money", "amounts");
        joda.type("Money", () -> org.joda.money.Money.of(CurrencyUnit.EUR, 1.5))
                .part("amount", () -> org.joda.money.Money.of(CurrencyUnit.EUR, 1.25))
                .part("currency", () -> org.joda.money.Money.of(CurrencyUnit.USD, 1.5));
        joda.type("BigMoney", () -> BigMoney.of(CurrencyUnit.EUR, new BigDecimal("1.2345")))
                .part("amount", () -> BigMoney.of(CurrencyUnit.EUR, new BigDecimal("1.2346")));
        joda.type("CurrencyUnit", () -> CurrencyUnit.EUR).part("code", () -> CurrencyUnit.USD);

        Library moneta = survey.library("org.javamoney.moneta:moneta-core", "JSR 354's amounts");
        moneta.type("Money", () -> Money.of(new BigDecimal("1.5"), "EUR"))
                .part("amount", () -> Money.of(new BigDecimal("1.25"), "EUR"))
                .part("currency", () -> Money.of(new BigDecimal("1.5"), "USD"));
        moneta.type("FastMoney", () -> FastMoney.of(1.5, "EUR"))
                .part("amount", () -> FastMoney.of(1.25, "EUR"))
                .part("currency", () -> FastMoney.of(1.5, "USD"));
        moneta.type("CurrencyUnit", () -> Monetary.getCurrency("EUR")).part("code", () -> Monetary.getCurrency("USD"));

        Library indriya = survey.library("tech.units:indriya", "measures with their units");
        indriya.type("Quantity", () -> Quantities.getQuantity(1, Units.METRE))
                .part("value", () -> Quantities.getQuantity(2, Units.METRE))
                .part("unit", () -> Quantities.getQuantity(1, Units.KILOGRAM));
        indriya.type("Unit", () -> Units.METRE).part("unit", () -> Units.KILOGRAM);
    }

    private static void identifiers(Survey survey) {
        Library phone = survey.library("com.googlecode.libphonenumber:libphonenumber", "phone numbers");
        phone.type("PhoneNumber", () -> phone(43, 1))
                .part("country", () -> phone(44, 1))
                .part("number", () -> phone(43, 2))
                .part("extension", () -> phone(43, 1).setExtension("5"))
                .part("leading zero", () -> phone(43, 1).setItalianLeadingZero(true));

        Library uuid = survey.library("com.github.f4b6a3:uuid-creator", "UUIDs of newer versions");
        uuid.type(
                        "UUID of its codec",
                        () -> com.github.f4b6a3.uuid.UuidCreator.fromString("01020304-0506-7708-8910-111213141516"))
                .part(
                        "digit",
                        () -> com.github.f4b6a3.uuid.UuidCreator.fromString("01020304-0506-7708-8910-111213141517"));
        uuid.type("JdkUuid of a name", () -> com.github.f4b6a3.uuid.UuidCreator.getNameBasedSha1("a"))
                .part("name", () -> com.github.f4b6a3.uuid.UuidCreator.getNameBasedSha1("b"));

        Library ulid = survey.library("com.github.f4b6a3:ulid-creator", "identifiers that sort");
        ulid.type("Ulid", () -> Ulid.from("01ARZ3NDEKTSV4RRFFQ69G5FAV"))
                .part("last character", () -> Ulid.from("01ARZ3NDEKTSV4RRFFQ69G5FAW"))
                .part("time", () -> Ulid.from("01BRZ3NDEKTSV4RRFFQ69G5FAV"));

        Library semver = survey.library("org.semver4j:semver4j", "versions");
        semver.type("Semver", () -> new Semver("1.2.3-a+b"))
                .part("patch", () -> new Semver("1.2.4-a+b"))
                .part("pre-release", () -> new Semver("1.2.3-x+b"))
                .part("build", () -> new Semver("1.2.3-a+x"));

        Library maven = survey.library("org.apache.maven:maven-artifact", "Maven's coordinates");
        maven.type("DefaultArtifactVersion", () -> new DefaultArtifactVersion("1.2.3"))
                .part("version", () -> new DefaultArtifactVersion("1.2.4"));
        maven.type("ComparableVersion", () -> new ComparableVersion("1.2.3"))
                .part("version", () -> new ComparableVersion("1.2.4"));
    }

    private static PhoneNumber phone(int country, long number) {
        return new PhoneNumber().setCountryCode(country).setNationalNumber(number);
    }
}

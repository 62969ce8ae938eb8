package io.idempotenttrace.core.canonical;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;

/**
 * Joda-Time as ISO-8601: an instant with the id of its zone behind it, where it has one (not with an offset, which the version of the
 * zones' data would decide), and with its calendar where that is not ISO's. Joda-Money as its text. An amount of javax.money as an
 * object of amount and currency, whichever class it is of.
 */
final class DateAndMoneyMapping {

    private DateAndMoneyMapping() {}

    static ValueMapping of(Class<?> known, Class<?> type) throws NoSuchMethodException {
        return switch (known.getName()) {
            case "org.joda.time.ReadableInstant" -> instant(known, type);
            case "org.joda.time.ReadableInterval" -> interval(known);
            case "org.joda.time.ReadablePartial" -> partial(known);
            case "org.joda.time.DateTimeZone" -> text(LibraryMethod.of(known, "getID"));
            case "org.joda.money.CurrencyUnit" -> text(LibraryMethod.of(known, "getCode"));
            case "javax.money.CurrencyUnit" -> text(LibraryMethod.of(known, "getCurrencyCode"));
            case "javax.money.MonetaryAmount" -> amount(known);
            // Periods and durations of Joda-Time, amounts of Joda-Money.
            default -> new ScalarMapping.Text(Object::toString);
        };
    }

    private static ValueMapping text(LibraryMethod method) {
        return new ScalarMapping.Text(value -> (String) method.read(value));
    }

    private static ValueMapping instant(Class<?> known, Class<?> type) throws NoSuchMethodException {
        LibraryMethod millis = LibraryMethod.of(known, "getMillis");
        if (type.getName().equals("org.joda.time.Instant")) {
            return new ScalarMapping.Text(
                    value -> Instant.ofEpochMilli((Long) millis.read(value)).toString());
        }
        LibraryMethod chronology = LibraryMethod.of(known, "getChronology");
        return new ScalarMapping.Text(
                value -> Instant.ofEpochMilli((Long) millis.read(value)) + zone(chronology.read(value)));
    }

    private static ValueMapping interval(Class<?> known) throws NoSuchMethodException {
        LibraryMethod start = LibraryMethod.of(known, "getStartMillis");
        LibraryMethod end = LibraryMethod.of(known, "getEndMillis");
        LibraryMethod chronology = LibraryMethod.of(known, "getChronology");
        return new ScalarMapping.Text(value -> Instant.ofEpochMilli((Long) start.read(value)) + "/"
                + Instant.ofEpochMilli((Long) end.read(value)) + zone(chronology.read(value)));
    }

    private static ValueMapping partial(Class<?> known) throws NoSuchMethodException {
        LibraryMethod chronology = LibraryMethod.of(known, "getChronology");
        return new ScalarMapping.Text(value -> {
            String calendar = zone(chronology.read(value));
            return calendar.equals("[UTC]") ? value.toString() : value + calendar;
        });
    }

    /** {@code [Europe/Paris]}; of another calendar than ISO's, {@code [BuddhistChronology[Europe/Paris]]}. */
    private static String zone(Object chronology) {
        String name = chronology.toString();
        String iso = "ISOChronology";
        return name.startsWith(iso + "[") ? name.substring(iso.length()) : "[" + name + "]";
    }

    private static ValueMapping amount(Class<?> known) throws NoSuchMethodException {
        LibraryMethod number = LibraryMethod.of(known, "getNumber");
        return new MembersMapping()
                .with("amount", value -> {
                    Object amount = number.read(value);
                    try {
                        Class<?> type = LibraryMappings.supertype(amount.getClass(), "javax.money.NumberValue");
                        return LibraryMethod.of(Objects.requireNonNull(type), "numberValueExact", Class.class)
                                .call(amount, BigDecimal.class);
                    } catch (NoSuchMethodException e) {
                        throw new UnhashableException(
                                "",
                                amount.getClass().getName() + " is of a version of javax.money that is not known; mark"
                                        + " the parameter @Unhashed",
                                e);
                    }
                })
                .with("currency", LibraryMethod.of(known, "getCurrency"));
    }
}

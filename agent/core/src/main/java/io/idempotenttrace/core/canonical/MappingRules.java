package io.idempotenttrace.core.canonical;

import java.net.InetAddress;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Collection;
import java.util.Currency;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/**
 * Which class becomes which JSON. Nothing here may depend on the default locale, time zone or charset, on the JVM's version, or
 * on the order in which a hash table iterates.
 *
 * <p>Text: enums by name; UUID, URI, URL (never resolved), Locale (language tag), Currency, Class, Path, File, Charset, zones,
 * patterns; all of java.time and Duration in ISO-8601 as their toString gives it; Date as its instant; byte arrays and buffers
 * as base64; char arrays as text. Numbers: every java.lang and java.math number, the atomic ones and adders. Holders (Optional,
 * AtomicReference) as what they hold, or null. Arrays: arrays, lists, other Iterables in their order, sets sorted by canonical
 * bytes. Objects: maps by their keys' text, entries, throwables (type and message), protobuf messages, JSON trees of either
 * Jackson, records, beans and public fields. What has no payload of its own (streams, threads, connections, lambdas, lazy
 * proxies) is refused.
 */
final class MappingRules {

    private static final String REFUSED = " has no payload that could be hashed; mark the parameter @Unhashed, or exclude the field";

    private MappingRules() {
    }

    static ValueMapping choose(Class<?> type) {
        ValueMapping mapping = scalar(type);
        mapping = mapping != null ? mapping : lazyProxy(type);
        mapping = mapping != null ? mapping : JsonTreeMapping.of(type);
        mapping = mapping != null ? mapping : ProtobufMapping.of(type);
        mapping = mapping != null ? mapping : JacksonAnnotations.valueMapping(type);
        mapping = mapping != null ? mapping : container(type);
        if (mapping != null) {
            return mapping;
        }
        if (Throwable.class.isAssignableFrom(type)) {
            return new ScalarMapping.Holder(MappingRules::throwable);
        }
        if (isRefused(type)) {
            return new RefusedMapping(type.getName() + REFUSED);
        }
        return BeanMapping.of(type);
    }

    private static ValueMapping scalar(Class<?> type) {
        if (type == Boolean.class) {
            return ScalarMapping.BOOLEAN;
        }
        if (type == AtomicBoolean.class) {
            return new ScalarMapping.Holder(value -> ((AtomicBoolean) value).get());
        }
        if (Number.class.isAssignableFrom(type) && type.getName().startsWith("java.")) {
            return ScalarMapping.NUMBER;
        }
        if (CharSequence.class.isAssignableFrom(type) || type == Character.class) {
            return new ScalarMapping.Text(Object::toString);
        }
        if (Enum.class.isAssignableFrom(type)) {
            return JacksonAnnotations.enumMapping(type);
        }
        if (isText(type)) {
            return new ScalarMapping.Text(Object::toString);
        }
        if (Date.class.isAssignableFrom(type)) {
            return new ScalarMapping.Text(MappingRules::date);
        }
        if (Calendar.class.isAssignableFrom(type)) {
            return new ScalarMapping.Text(value -> value instanceof GregorianCalendar calendar
                    ? calendar.toZonedDateTime().toString() : ((Calendar) value).toInstant().toString());
        }
        if (type == Locale.class) {
            return new ScalarMapping.Text(value -> ((Locale) value).toLanguageTag());
        }
        if (type == Currency.class) {
            return new ScalarMapping.Text(value -> ((Currency) value).getCurrencyCode());
        }
        if (type == Class.class) {
            return new ScalarMapping.Text(value -> ((Class<?>) value).getName());
        }
        if (type == URL.class) {
            return new ScalarMapping.Text(value -> ((URL) value).toExternalForm());
        }
        if (InetAddress.class.isAssignableFrom(type)) {
            return new ScalarMapping.Text(value -> ((InetAddress) value).getHostAddress());
        }
        if (TimeZone.class.isAssignableFrom(type)) {
            return new ScalarMapping.Text(value -> ((TimeZone) value).getID());
        }
        if (Charset.class.isAssignableFrom(type)) {
            return new ScalarMapping.Text(value -> ((Charset) value).name());
        }
        return bytes(type);
    }

    /** Types whose toString is their one text, specified and free of locale and time zone. */
    private static boolean isText(Class<?> type) {
        return type == UUID.class || type == URI.class || type == Pattern.class || type == java.io.File.class
                || Path.class.isAssignableFrom(type) || ZoneId.class.isAssignableFrom(type)
                || type.getName().startsWith("java.time.")
                        && (TemporalAccessor.class.isAssignableFrom(type) || TemporalAmount.class.isAssignableFrom(type));
    }

    private static ValueMapping bytes(Class<?> type) {
        if (type == byte[].class) {
            return new ScalarMapping.Text(value -> Base64.getEncoder().encodeToString((byte[]) value));
        }
        if (type == char[].class) {
            return new ScalarMapping.Text(value -> new String((char[]) value));
        }
        if (ByteBuffer.class.isAssignableFrom(type)) {
            return new ScalarMapping.Text(value -> {
                // A duplicate: the application's position must stay where it is.
                ByteBuffer view = ((ByteBuffer) value).duplicate();
                byte[] rest = new byte[view.remaining()];
                view.get(rest);
                return Base64.getEncoder().encodeToString(rest);
            });
        }
        return null;
    }

    /** By instant; a java.sql.Date and Time have none, but a text that is their date and time. */
    private static String date(Object value) {
        String name = value.getClass().getName();
        return name.equals("java.sql.Date") || name.equals("java.sql.Time") ? value.toString() : ((Date) value).toInstant().toString();
    }

    private static Map<String, Object> throwable(Object value) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", value.getClass().getName());
        members.put("message", ((Throwable) value).getMessage());
        return members;
    }

    private static ValueMapping container(Class<?> type) {
        if (Map.class.isAssignableFrom(type)) {
            return ContainerMapping.MAP;
        }
        if (Map.Entry.class.isAssignableFrom(type)) {
            return ContainerMapping.ENTRY;
        }
        if (Set.class.isAssignableFrom(type)) {
            return ContainerMapping.SET;
        }
        if (Collection.class.isAssignableFrom(type)) {
            return ContainerMapping.ITERABLE;
        }
        if (type.isArray()) {
            return ContainerMapping.ARRAY;
        }
        ValueMapping holder = holder(type);
        boolean iterable = Iterable.class.isAssignableFrom(type) && (isLambda(type) || !isRefused(type));
        return holder == null && iterable ? ContainerMapping.ITERABLE : holder;
    }

    private static ValueMapping holder(Class<?> type) {
        if (type == Optional.class) {
            return new ScalarMapping.Holder(value -> ((Optional<?>) value).orElse(null));
        }
        if (type == OptionalInt.class) {
            return new ScalarMapping.Holder(value -> ((OptionalInt) value).isPresent() ? ((OptionalInt) value).getAsInt() : null);
        }
        if (type == OptionalLong.class) {
            return new ScalarMapping.Holder(value -> ((OptionalLong) value).isPresent() ? ((OptionalLong) value).getAsLong() : null);
        }
        if (type == OptionalDouble.class) {
            return new ScalarMapping.Holder(
                    value -> ((OptionalDouble) value).isPresent() ? ((OptionalDouble) value).getAsDouble() : null);
        }
        if (type == AtomicReference.class) {
            return new ScalarMapping.Holder(value -> ((AtomicReference<?>) value).get());
        }
        if (type == AtomicIntegerArray.class) {
            return new ScalarMapping.Holder(value -> {
                AtomicIntegerArray array = (AtomicIntegerArray) value;
                int[] copy = new int[array.length()];
                Arrays.setAll(copy, array::get);
                return copy;
            });
        }
        if (type == AtomicLongArray.class) {
            return new ScalarMapping.Holder(value -> {
                AtomicLongArray array = (AtomicLongArray) value;
                long[] copy = new long[array.length()];
                Arrays.setAll(copy, array::get);
                return copy;
            });
        }
        return type == BitSet.class ? new ScalarMapping.Holder(value -> ((BitSet) value).toLongArray()) : null;
    }

    /** Hashing a lazy proxy would load what it stands for, in the middle of a transaction or outside of any. */
    private static ValueMapping lazyProxy(Class<?> type) {
        if (implementsNamed(type, "org.hibernate.proxy.HibernateProxy")) {
            return new RefusedMapping(type.getName() + " is a Hibernate proxy, which hashing would load from the database; pass the"
                    + " entity's id, unproxy it, or mark the parameter @Unhashed");
        }
        if (implementsNamed(type, "org.hibernate.collection.spi.PersistentCollection")) {
            return new RefusedMapping(type.getName() + " is a Hibernate collection, which hashing may load from the database; copy it"
                    + " into a list, exclude the field, or mark the parameter @Unhashed");
        }
        return null;
    }

    /** Whether the type or a supertype has that name: libraries of the application are known by name alone. */
    static boolean implementsNamed(Class<?> type, String name) {
        for (Class<?> level = type; level != null; level = level.getSuperclass()) {
            if (level.getName().equals(name)) {
                return true;
            }
            for (Class<?> implemented : level.getInterfaces()) {
                if (implementsNamed(implemented, name)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isRefused(Class<?> type) {
        String name = type.getName();
        boolean platform = name.startsWith("java.") || name.startsWith("javax.") || name.startsWith("jdk.") || name.startsWith("sun.")
                || name.startsWith("com.sun.");
        return platform || isLambda(type) || java.lang.reflect.Proxy.isProxyClass(type)
                || isOneOf(type, java.io.InputStream.class, java.io.OutputStream.class, java.io.Reader.class, java.io.Writer.class,
                        java.nio.channels.Channel.class, java.net.Socket.class, java.net.ServerSocket.class,
                        java.util.stream.BaseStream.class, Thread.class)
                || implementsNamed(type, "java.sql.Connection") || implementsNamed(type, "java.sql.ResultSet")
                || isOneOf(type, ClassLoader.class, java.util.Iterator.class, java.util.concurrent.Future.class,
                        java.util.concurrent.CompletionStage.class, java.util.concurrent.Executor.class,
                        java.util.concurrent.locks.Lock.class, java.util.concurrent.Flow.Publisher.class)
                || implementsNamed(type, "org.reactivestreams.Publisher")
                || implementsNamed(type, "io.reactivex.rxjava3.core.ObservableSource")
                || implementsNamed(type, "io.smallrye.mutiny.Uni");
    }

    private static boolean isLambda(Class<?> type) {
        return type.isHidden() || type.getName().contains("$$Lambda");
    }

    private static boolean isOneOf(Class<?> type, Class<?>... kinds) {
        for (Class<?> kind : kinds) {
            if (kind.isAssignableFrom(type)) {
                return true;
            }
        }
        return false;
    }
}

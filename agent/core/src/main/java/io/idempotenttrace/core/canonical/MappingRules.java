package io.idempotenttrace.core.canonical;

import io.idempotenttrace.core.classfile.SuperTypes;
import java.net.InetAddress;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Collection;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.SimpleTimeZone;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which class becomes which JSON. Nothing here may depend on the default locale, time zone or charset, on the JVM's version, or
 * on the order in which a hash table iterates.
 *
 * <p>First comes what a user names for a class ({@link UserMappings}).
 *
 * <p>Text: enums by name; UUID, URI, URL (never resolved), Locale (language tag), Currency, Class, Path, File, Charset, zones,
 * patterns; all of java.time and Duration in ISO-8601 as their toString gives it; Date as its instant, Calendar with its zone's
 * id behind it (not with an offset, which the JVM's time zone data would decide); byte arrays and buffers as base64; char arrays
 * as text. Numbers: every java.lang and java.math number, the atomic ones and adders. Holders (Optional, AtomicReference) as
 * what they hold, or null. Arrays: arrays, lists, other Iterables in their order, sets and
 * what has the order of a hash table or a heap ({@link UnorderedCollections}) sorted by canonical bytes. Objects: maps
 * by their keys' text, entries, throwables (type, message and causes, codes of a database), protobuf messages, JSON trees of either Jackson, records, beans
 * and public fields. An Iterable that has properties of its own, such as a page of results, is the bean that it is, with its
 * elements as a member where no property shows them; one that can be read once only is refused ({@link OneTimeSources}). What has no
 * payload of its own (streams, threads, connections, lambdas, lazy proxies that are not loaded) is refused, and so is what shows
 * only flags of it, such as isEmpty. Types of well-known libraries have rules of their own: {@link
 * LibraryMappings}, and so have other values of the JDK: {@link PlatformMapping}.
 */
final class MappingRules {

    private static final List<String> BAGS = List.of(
            "org.apache.commons.collections4.Bag",
            "org.apache.commons.collections4.MultiSet",
            "org.apache.commons.collections.Bag",
            "org.eclipse.collections.api.bag.Bag",
            "org.pcollections.PBag");

    private static final String REFUSED =
            " has no payload that could be hashed; mark the parameter @Unhashed, or exclude the field";
    private static final String NOT_CALLED = ". A duplicate does not call it";

    /** What runs, connects or is subscribed to, known by name: its getters would act, or tell nothing of a payload. */
    private static final List<String> LIVE = List.of(
            // Connections, statements, results and data sources.
            "java.sql.Wrapper",
            "org.reactivestreams.Publisher",
            "io.smallrye.mutiny.Uni",
            "rx.Observable",
            "rx.Single",
            "io.reactivex.rxjava3.core.ObservableSource",
            "io.reactivex.rxjava3.core.SingleSource",
            "io.reactivex.rxjava3.core.MaybeSource",
            "io.reactivex.rxjava3.core.CompletableSource",
            "io.reactivex.ObservableSource",
            "io.reactivex.SingleSource",
            "io.reactivex.MaybeSource",
            "io.reactivex.CompletableSource",
            "kotlin.Function",
            "kotlin.Lazy",
            "kotlin.coroutines.Continuation",
            "kotlinx.coroutines.Job",
            "kotlinx.coroutines.flow.Flow",
            "groovy.lang.Closure",
            "jakarta.servlet.ServletRequest",
            "jakarta.servlet.ServletResponse",
            "javax.servlet.ServletRequest",
            "javax.servlet.ServletResponse");

    /** A chain of causes may be a ring. */
    private static final int MOST_CAUSES = 20;

    private MappingRules() {}

    static ValueMapping choose(Class<?> type) {
        ValueMapping mapping = UserMappings.of(type);
        mapping = mapping != null ? mapping : PlatformMapping.of(type);
        mapping = mapping != null ? mapping : OwnState.beside(type, scalar(type));
        mapping = mapping != null ? mapping : JsonTreeMapping.of(type);
        mapping = mapping != null ? mapping : ProtobufMapping.of(type);
        return mapping != null ? mapping : TypedMapping.of(type, withoutTypeId(type));
    }

    private static ValueMapping withoutTypeId(Class<?> type) {
        ValueMapping mapping = JacksonAnnotations.valueMapping(type);
        mapping = mapping != null ? mapping : LibraryMappings.of(type);
        // Before containers: an SQLException iterates over its causes.
        mapping = mapping == null && Throwable.class.isAssignableFrom(type)
                ? OwnState.beside(type, new ScalarMapping.Holder(MappingRules::throwable))
                : mapping;
        mapping = mapping != null ? mapping : OwnState.beside(type, container(type));
        mapping = mapping != null ? mapping : holder(type);
        if (mapping != null) {
            return mapping;
        }
        boolean iterable = Iterable.class.isAssignableFrom(type);
        if (type == Elements.class) {
            return ContainerMapping.ITERABLE;
        }
        if (type == OwnState.Content.class) {
            return OwnState.CONTENT;
        }
        if (type == TypedMapping.Typed.class) {
            return TypedMapping.OF_PROPERTY;
        }
        String once = iterable && !type.isInterface() ? OneTimeSources.reason(type) : null;
        if (once != null) {
            return new RefusedMapping(once);
        }
        if (isRefused(type)) {
            return new RefusedMapping(
                    isProxy(type)
                            ? proxy(type)
                            : type.getName() + REFUSED + (isLambda(type) || isCode(type) ? NOT_CALLED : ""));
        }
        mapping = LibraryMappings.ofShape(type);
        return mapping != null ? mapping : iterable ? iterable(type) : BeanMapping.of(type);
    }

    /** Whether a value of the class is one text, number or boolean. */
    static boolean isScalar(Class<?> type) {
        return scalar(type) != null;
    }

    private static @Nullable ValueMapping scalar(Class<?> type) {
        if (type == Boolean.class) {
            return ScalarMapping.BOOLEAN;
        }
        if (type == AtomicBoolean.class) {
            return new ScalarMapping.Holder(value -> ((AtomicBoolean) value).get());
        }
        if (isPlatformNumber(type)) {
            return ScalarMapping.NUMBER;
        }
        if (CharSequence.class.isAssignableFrom(type) || type == Character.class) {
            // A text of the application may keep itself out of logs, by a toString that masks it.
            boolean trusted = SuperTypes.isPlatform(type) || LibraryContainers.contains(type);
            return new ScalarMapping.Text(
                    trusted && SuperTypes.overrides(type, "toString") ? Object::toString : MappingRules::characters);
        }
        if (Enum.class.isAssignableFrom(type)) {
            return JacksonAnnotations.enumMapping(type);
        }
        if (isText(type)) {
            Function<Object, String> pythonStr = PythonStr.of(type);
            return new ScalarMapping.Text(Object::toString, pythonStr == null ? Object::toString : pythonStr);
        }
        if (Date.class.isAssignableFrom(type)) {
            return new ScalarMapping.Text(MappingRules::date, MappingRules::pythonDate);
        }
        if (Calendar.class.isAssignableFrom(type)) {
            return new ScalarMapping.Text(MappingRules::calendar);
        }
        if (type == Pattern.class) {
            return new ScalarMapping.Holder(MappingRules::pattern);
        }
        if (Path.class.isAssignableFrom(type)) {
            return new ScalarMapping.Holder(MappingRules::path);
        }
        if (type == Locale.class) {
            return new ScalarMapping.Text(MappingRules::locale);
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
            return new ScalarMapping.Text(MappingRules::timeZone);
        }
        if (Charset.class.isAssignableFrom(type)) {
            return new ScalarMapping.Text(value -> ((Charset) value).name());
        }
        return bytes(type);
    }

    /** For where toString is that of Object, which differs from object to object, and from JVM to JVM. */
    private static String characters(Object value) {
        CharSequence text = (CharSequence) value;
        char[] characters = new char[text.length()];
        for (int i = 0; i < characters.length; i++) {
            characters[i] = text.charAt(i);
        }
        return new String(characters);
    }

    /** Types whose toString is their one text, specified and free of locale and time zone. */
    private static boolean isText(Class<?> type) {
        return type == UUID.class
                || type == URI.class
                || java.io.File.class.isAssignableFrom(type)
                || ZoneId.class.isAssignableFrom(type)
                || implementsNamed(type, "javax.xml.datatype.XMLGregorianCalendar")
                || type.getName().startsWith("java.time.")
                        && (TemporalAccessor.class.isAssignableFrom(type)
                                || TemporalAmount.class.isAssignableFrom(type));
    }

    /** A number of the platform, or the application's subclass of one, such as of BigDecimal. */
    private static boolean isPlatformNumber(Class<?> type) {
        Class<?> level = type;
        while (level != null && !level.getName().startsWith("java.")) {
            level = level.getSuperclass();
        }
        return level != null && level != Number.class && Number.class.isAssignableFrom(level);
    }

    private static @Nullable ValueMapping bytes(Class<?> type) {
        if (type == byte[].class) {
            return new ScalarMapping.Bytes(value -> ByteBuffer.wrap((byte[]) value));
        }
        if (type == char[].class) {
            return new ScalarMapping.Text(value -> new String((char[]) value));
        }
        if (ByteBuffer.class.isAssignableFrom(type)) {
            // A duplicate: the application's position must stay where it is.
            return new ScalarMapping.Bytes(value -> ((ByteBuffer) value).duplicate());
        }
        return null;
    }

    /** By instant; a java.sql.Date and Time have none, but a text that is their date and time. */
    private static String date(Object value) {
        Class<?> type = value.getClass();
        if (type.getName().equals("java.sql.Date") || type.getName().equals("java.sql.Time")) {
            return value + beside((Date) value);
        }
        return isSqlDateOrTime(type)
                ? value.toString()
                : ((Date) value).toInstant().toString();
    }

    /**
     * Of a copy: a calendar computes its fields when it is asked for its time. If the application's own were asked, what its method sets
     * next would give another date than without the agent.
     */
    private static String calendar(Object value) {
        Calendar copy = (Calendar) ((Calendar) value).clone();
        return copy.toInstant() + "[" + timeZone(copy.getTimeZone()) + "]";
    }

    private static String pythonDate(Object value) {
        return isSqlDateOrTime(value.getClass()) ? date(value) : PythonStr.aware(((Date) value).toInstant());
    }

    private static boolean isSqlDateOrTime(Class<?> type) {
        return implementsNamed(type, "java.sql.Date") || implementsNamed(type, "java.sql.Time");
    }

    /** What such a text leaves out, where somebody has put it there: the time of a date, the date and the milliseconds of a time. */
    // Payloads hold Dates; the year 70 and the month 0 are those of the epoch, in which java.sql.Time shows its time.
    @SuppressWarnings({"deprecation", "DateChecker", "JavaUtilDate"})
    private static String beside(Date value) {
        Date all = new Date(value.getTime());
        Date shown = value.getClass().getSimpleName().equals("Date")
                ? new Date(all.getYear(), all.getMonth(), all.getDate())
                : new Date(70, 0, 1, all.getHours(), all.getMinutes(), all.getSeconds());
        long more = all.getTime() - shown.getTime();
        return more == 0 ? "" : "+" + more + "ms";
    }

    /**
     * By id; one of the application's own rules may have any id, and is all that it says of itself. A zone of the JVM whose rules were
     * changed has its offset too.
     */
    private static String timeZone(Object value) {
        TimeZone zone = (TimeZone) value;
        if (zone instanceof SimpleTimeZone) {
            return zone.toString();
        }
        String id = zone.getID();
        return TimeZone.getTimeZone(id).hasSameRules(zone) || !SuperTypes.isPlatform(zone.getClass())
                ? id
                : id + "[rawOffset=" + zone.getRawOffset() + "ms]";
    }

    /** As language tag; the few old locales that a tag can't tell apart, by their parts. */
    private static String locale(Object value) {
        Locale locale = (Locale) value;
        String tag = locale.toLanguageTag();
        return Locale.forLanguageTag(tag).equals(value)
                ? tag
                : String.join(
                        "_",
                        part(locale.getLanguage()),
                        part(locale.getCountry()),
                        part(locale.getVariant()),
                        part(locale.getScript()));
    }

    /** A part of an old locale may be any text: what separates the parts stands for itself nowhere else. */
    private static String part(String text) {
        return text.replace("%", "%25").replace("_", "%5F");
    }

    /** Of the usual file system the path alone; of another one, such as a ZIP file, its root too. */
    private static Object path(Object value) {
        Path path = (Path) value;
        return path.getFileSystem() == FileSystems.getDefault()
                ? path.toString()
                : Map.of(
                        "path",
                        path.toString(),
                        "root",
                        String.valueOf(path.toAbsolutePath().getRoot().toUri()));
    }

    /** The text alone where there are no flags. */
    private static Object pattern(Object value) {
        Pattern pattern = (Pattern) value;
        return pattern.flags() == 0
                ? pattern.pattern()
                : Map.of("pattern", pattern.pattern(), "flags", pattern.flags());
    }

    /** Its causes too, each by type and message: an error that has another cause is another payload. The stack is none. */
    static Map<String, Object> throwable(Object value) {
        return throwable((Throwable) value, MOST_CAUSES);
    }

    private static Map<String, Object> throwable(Throwable thrown, int causes) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", thrown.getClass().getName());
        members.put("message", thrown.getMessage());
        if (thrown.getCause() != null && causes > 0) {
            members.put("cause", throwable(thrown.getCause(), causes - 1));
        } else if (thrown.getCause() != null && !isRing(thrown)) {
            throw new UnhashableException(
                    "",
                    "a throwable with more than " + MOST_CAUSES + " causes, one behind the other; hand over the first"
                            + " of them, or mark the parameter @Unhashed",
                    null);
        }
        if (implementsNamed(thrown.getClass(), "java.sql.SQLException")) {
            addCodes(thrown, members);
        }
        return members;
    }

    /** Whether its causes come back to it: then none has been left out. */
    private static boolean isRing(Throwable thrown) {
        Throwable cause = thrown.getCause();
        for (int i = 0; cause != null && cause != thrown && i < MOST_CAUSES; i++) {
            cause = cause.getCause();
        }
        return cause == thrown;
    }

    /** What a database says by codes and not by the message. Module java.sql may be absent, so its class is known by name. */
    private static void addCodes(Throwable thrown, Map<String, Object> members) {
        try {
            Class<?> type =
                    Objects.requireNonNull(LibraryMappings.supertype(thrown.getClass(), "java.sql.SQLException"));
            members.put("sqlState", LibraryMethod.of(type, "getSQLState").read(thrown));
            members.put("errorCode", LibraryMethod.of(type, "getErrorCode").read(thrown));
        } catch (NoSuchMethodException e) {
            throw new UnhashableException(
                    "", thrown.getClass().getName() + " can't be read; mark the parameter @Unhashed", e);
        }
    }

    /** With the defaults behind them, which a Properties finds but does not iterate over. */
    private static Map<Object, Object> properties(Object value) {
        Properties properties = (Properties) value;
        Map<Object, Object> all = new HashMap<>();
        for (String name : properties.stringPropertyNames()) {
            all.put(name, properties.getProperty(name));
        }
        all.putAll(properties);
        return all;
    }

    /** A map's entries, as another map. */
    static Map<?, ?> entries(Object map) {
        return map instanceof Properties ? properties(map) : Collections.unmodifiableMap((Map<?, ?>) map);
    }

    private static @Nullable ValueMapping container(Class<?> type) {
        if (Properties.class.isAssignableFrom(type)) {
            return new ScalarMapping.Holder(MappingRules::properties);
        }
        if (Map.class.isAssignableFrom(type)) {
            return ContainerMapping.MAP;
        }
        if (Map.Entry.class.isAssignableFrom(type)) {
            return ContainerMapping.ENTRY;
        }
        if (Set.class.isAssignableFrom(type) || isBag(type)) {
            return ContainerMapping.SET;
        }
        if (Collection.class.isAssignableFrom(type)) {
            return UnorderedCollections.mapping(type);
        }
        return type.isArray() ? ContainerMapping.ARRAY : null;
    }

    /** A collection that is equal to another one with as many of each element, in whatever order it gives them. */
    private static boolean isBag(Class<?> type) {
        return BAGS.stream().anyMatch(bag -> implementsNamed(type, bag));
    }

    /** Its elements, unless it has a state of its own beside them. */
    private static ValueMapping iterable(Class<?> type) {
        if (BeanMapping.showsItsState(type)) {
            return BeanMapping.of(type);
        }
        return AutoCloseable.class.isAssignableFrom(type)
                ? new RefusedMapping(
                        type.getName() + " is a source of elements that is closed"
                                + " after use, which hashing would use up; hand over a list of them, or mark the parameter @Unhashed")
                : Objects.requireNonNull(OwnState.beside(type, ContainerMapping.ITERABLE));
    }

    private static @Nullable ValueMapping holder(Class<?> type) {
        if (type == Optional.class) {
            return new ScalarMapping.Holder(value -> ((Optional<?>) value).orElse(null));
        }
        if (type == OptionalInt.class) {
            return new ScalarMapping.Holder(
                    value -> ((OptionalInt) value).isPresent() ? ((OptionalInt) value).getAsInt() : null);
        }
        if (type == OptionalLong.class) {
            return new ScalarMapping.Holder(
                    value -> ((OptionalLong) value).isPresent() ? ((OptionalLong) value).getAsLong() : null);
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
        if (type == AtomicReferenceArray.class) {
            return new ScalarMapping.Holder(value -> {
                AtomicReferenceArray<?> array = (AtomicReferenceArray<?>) value;
                Object[] copy = new Object[array.length()];
                Arrays.setAll(copy, array::get);
                return copy;
            });
        }
        return type == BitSet.class ? new ScalarMapping.Holder(value -> ((BitSet) value).toLongArray()) : null;
    }

    /** Whether the type or a supertype has that name: libraries of the application are known by name alone. */
    static boolean implementsNamed(Class<?> type, String name) {
        return SuperTypes.named(name, type) != null;
    }

    private static boolean isRefused(Class<?> type) {
        String name = type.getName();
        boolean platform = name.startsWith("java.")
                || name.startsWith("javax.")
                || name.startsWith("jdk.")
                || name.startsWith("sun.")
                || name.startsWith("com.sun.");
        return platform || isLambda(type) || isProxy(type) || isLive(type);
    }

    /** Its own name tells nothing; its interfaces do, such as one by which Spring Data projects rows. */
    private static String proxy(Class<?> type) {
        List<String> interfaces =
                Arrays.stream(type.getInterfaces()).map(Class::getName).toList();
        return "a proxy of the JDK, which implements " + String.join(", ", interfaces)
                + ", does not tell what it holds; hand over a record or another class of your own in its place, or mark the"
                + " parameter @Unhashed";
    }

    private static boolean isProxy(Class<?> type) {
        return java.lang.reflect.Proxy.isProxyClass(type);
    }

    /** Whether it is, extends or implements what runs, connects, or is used up when it is read. */
    static boolean isLive(Class<?> type) {
        boolean live = isOneOf(
                        type,
                        java.io.InputStream.class,
                        java.io.OutputStream.class,
                        java.io.Reader.class,
                        java.io.Writer.class,
                        java.nio.channels.Channel.class,
                        java.net.Socket.class,
                        java.net.ServerSocket.class,
                        java.util.stream.BaseStream.class,
                        Thread.class)
                || isOneOf(
                        type,
                        ClassLoader.class,
                        java.util.Iterator.class,
                        java.util.concurrent.Future.class,
                        java.util.concurrent.CompletionStage.class,
                        java.util.concurrent.Executor.class,
                        java.util.concurrent.locks.Lock.class,
                        java.util.concurrent.Flow.Publisher.class);
        for (int i = 0; !live && i < LIVE.size(); i++) {
            live = implementsNamed(type, LIVE.get(i));
        }
        return live;
    }

    /** Whether it is one of the JDK's interfaces whose values are lambdas nearly always. */
    static boolean isCode(Class<?> type) {
        return type.getName().startsWith("java.util.function.")
                || type == Runnable.class
                || type == java.util.concurrent.Callable.class;
    }

    static boolean isLambda(Class<?> type) {
        return type.isHidden() || type.getName().contains("$$Lambda");
    }

    static boolean isOneOf(Class<?> type, Class<?>... kinds) {
        for (Class<?> kind : kinds) {
            if (kind.isAssignableFrom(type)) {
                return true;
            }
        }
        return false;
    }
}

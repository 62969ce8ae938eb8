package io.idempotenttrace.weaver;

import io.idempotenttrace.core.canonical.Pointer;
import io.idempotenttrace.core.classfile.SuperTypes;
import java.time.temporal.Temporal;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which members look as if they were made anew for each delivery of one message: by their names, and by types that such names have. Times
 * that a message tells of, such as a span's start, and ids that name what it is about, are none.
 */
final class VolatileNames {

    /** The time at which somebody did something with the message, whatever type it has. */
    private static final Set<String> TIMES_OF_DELIVERY = Set.of(
            "timestamp",
            "now",
            "currenttime",
            "currenttimemillis",
            "currenttimestamp",
            "sentat",
            "sendtime",
            "receivedat",
            "receivetime",
            "receivedtime",
            "deliveredat",
            "deliverytime",
            "publishedat",
            "publishtime",
            "emittedat",
            "emittime",
            "enqueuedat",
            "dequeuedat",
            "consumedat",
            "polledat",
            "fetchedat",
            "ingestedat",
            "ingestiontime",
            "processedat",
            "processingtime",
            "generatedat",
            "attemptedat",
            "retriedat",
            "timestampms",
            "timestampmillis",
            "exportedat");

    /** Times that are made with the message more often than they are a part of what it tells: only where the type is one of a time. */
    private static final Set<String> TIMES_OF_MESSAGE = Set.of(
            "eventtime",
            "eventtimestamp",
            "occurredat",
            "recordedat",
            "ts",
            "createdat",
            "createdon",
            "createtime",
            "creationtime",
            "updatedat",
            "updatedon",
            "updatetime",
            "modifiedat",
            "lastmodified",
            "lastupdated",
            "requesttime",
            "requestedat");

    private static final Set<String> IDS_OF_DELIVERY = Set.of(
            "requestid",
            "messageid",
            "deliveryid",
            "attemptid",
            "invocationid",
            "executionid",
            "randomid",
            "randomuuid",
            "nonce",
            "receipthandle",
            "deliverytag");

    /** As random as the ones before where the type is UUID; as text they mostly name what belongs together. */
    private static final Set<String> IDS_IF_RANDOM =
            Set.of("correlationid", "random", "uuid", "eventid", "eventuuid", "messageuuid");

    private static final Set<String> COUNTS_OF_DELIVERY = Set.of(
            "attempt",
            "attempts",
            "attemptnumber",
            "attemptcount",
            "retrycount",
            "retries",
            "deliverycount",
            "deliveryattempt",
            "redeliverycount",
            "receivecount",
            "redelivered");

    private static final Set<Class<?>> NUMBERS =
            Set.of(int.class, Integer.class, long.class, Long.class, short.class, Short.class);

    private VolatileNames() {}

    /** Whether a member of the payload is one. */
    static boolean isVolatile(String name, Class<?> type) {
        String plain = plain(name);
        boolean number = NUMBERS.contains(type);
        boolean time = isTime(type) || type == long.class || type == Long.class;
        boolean text = type == String.class || type == CharSequence.class;
        if (TIMES_OF_DELIVERY.contains(plain)) {
            return time || text || type == double.class || type == Double.class;
        }
        if (TIMES_OF_MESSAGE.contains(plain)) {
            return time;
        }
        if (IDS_OF_DELIVERY.contains(plain)) {
            return text || number || type == UUID.class;
        }
        return IDS_IF_RANDOM.contains(plain) && type == UUID.class
                || COUNTS_OF_DELIVERY.contains(plain) && (number || type == boolean.class || type == Boolean.class);
    }

    /**
     * Whether a part of a key is one. An id of a message or a request is a good key, and so may be the time that an event tells of; what
     * tells of the delivery is none.
     */
    private static boolean isVolatileInKey(String name) {
        String plain = plain(name);
        return TIMES_OF_DELIVERY.contains(plain)
                || COUNTS_OF_DELIVERY.contains(plain)
                || Set.of(
                                "deliveryid",
                                "attemptid",
                                "randomid",
                                "randomuuid",
                                "random",
                                "nonce",
                                "receipthandle",
                                "deliverytag")
                        .contains(plain);
    }

    /** What is said of a part of a key that looks so; null if it does not. */
    static @Nullable MethodProblem problemInKey(String parameter, String pointer) {
        List<String> names = Pointer.parse(pointer).names();
        String name = names.isEmpty() ? parameter : names.get(names.size() - 1);
        return isVolatileInKey(name)
                ? new MethodProblem(
                        ProblemCode.VOLATILE_KEY,
                        "has '" + parameter + pointer
                                + "' in its key, which looks like a value that is made anew for each delivery: a redelivery"
                                + " would run the body again. Take as key what names the message")
                : null;
    }

    private static boolean isTime(Class<?> type) {
        return Temporal.class.isAssignableFrom(type)
                || Date.class.isAssignableFrom(type)
                || Calendar.class.isAssignableFrom(type)
                || SuperTypes.named("org.joda.time.ReadableInstant", type) != null
                || SuperTypes.named("kotlin.time.Instant", type) != null
                || SuperTypes.named("kotlinx.datetime.Instant", type) != null;
    }

    /** {@code created_at}, {@code createdAt} and {@code CREATED-AT} are one name. */
    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }
}

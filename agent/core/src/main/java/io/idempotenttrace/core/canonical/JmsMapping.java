package io.idempotenttrace.core.canonical;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JMS messages, of jakarta.jms and of javax.jms: which kind of message it is, its body, its properties, and the headers that its
 * sender gives or that name the message ({@code JMSMessageID}, {@code JMSCorrelationID}, {@code JMSType}). What another delivery of
 * the same message changes is no part of the hash; pointers reach it. Of the properties that begin with {@code JMS} only the group
 * counts; those that a dead-letter queue adds do not ({@link DeliveryHeaders#JMS}).
 *
 * <p>Nothing of the message is used up: after the bytes of a BytesMessage are read, its reader stands where it stood before.
 */
final class JmsMapping {

    private static final String[] IDENTITY = {"JMSMessageID", "JMSCorrelationID", "JMSType"};
    private static final String[] OF_DELIVERY = {
        "JMSRedelivered",
        "JMSTimestamp",
        "JMSDestination",
        "JMSReplyTo",
        "JMSDeliveryMode",
        "JMSExpiration",
        "JMSPriority",
        "JMSDeliveryTime"
    };
    private static final List<String> GROUP = List.of("JMSXGroupID", "JMSXGroupSeq");

    private JmsMapping() {}

    /** @param known jakarta.jms.Message or javax.jms.Message */
    static ValueMapping of(Class<?> known, Class<?> type) throws NoSuchMethodException {
        MembersMapping.Reader body = null;
        String kind = null;
        for (String candidate :
                new String[] {"TextMessage", "BytesMessage", "MapMessage", "ObjectMessage", "StreamMessage"}) {
            Class<?> found = LibraryMappings.supertype(type, known.getPackageName() + "." + candidate);
            if (found != null && kind != null) {
                return new RefusedMapping(
                        type.getName() + " is a JMS message of several kinds; hand over its content, or mark the"
                                + " parameter @Unhashed");
            }
            if (found != null) {
                kind = candidate;
                body = body(found, candidate);
            }
        }
        if (kind != null && body == null) {
            return new RefusedMapping(type.getName() + " is a JMS " + kind + ", whose body can't be read without "
                    + (kind.startsWith("Object") ? "deserialising it" : "using it up")
                    + "; hand over its content, or mark the parameter"
                    + " @Unhashed and give it a key");
        }
        LibraryMethod names = LibraryMethod.of(known, "getPropertyNames");
        LibraryMethod property = LibraryMethod.of(known, "getObjectProperty", String.class);
        String kindName = kind == null ? "Message" : kind;
        MembersMapping message = new MembersMapping().with("kind", value -> kindName);
        if (body != null) {
            message.with("body", body);
        }
        message.withPart(
                "properties",
                value -> properties(value, names, property, /* all= */ true),
                value -> properties(value, names, property, /* all= */ false));
        for (String header : IDENTITY) {
            message.withPresent(header, LibraryMethod.of(known, "get" + header));
        }
        for (String header : OF_DELIVERY) {
            // A destination is whatever the provider makes of it.
            LibraryMethod method = LibraryMethod.ifThere(known, "get" + header);
            message.unhashed(header, method == null ? null : value -> plain(method.read(value)));
        }
        return message;
    }

    private static Object plain(Object header) {
        return header == null || header instanceof Number || header instanceof Boolean ? header : header.toString();
    }

    /** What reads the body; null for a kind that is refused. */
    private static MembersMapping.@Nullable Reader body(Class<?> message, String kind) throws NoSuchMethodException {
        return switch (kind) {
            case "TextMessage" -> LibraryMethod.of(message, "getText");
            case "MapMessage" -> {
                LibraryMethod names = LibraryMethod.of(message, "getMapNames");
                LibraryMethod value = LibraryMethod.of(message, "getObject", String.class);
                yield map -> members(map, names, value, name -> true);
            }
            case "BytesMessage" -> new BytesBody(message);
            default -> null;
        };
    }

    private static Map<String, Object> properties(
            Object message, LibraryMethod names, LibraryMethod property, boolean all) {
        return members(
                message,
                names,
                property,
                name -> all
                        || (!name.startsWith("JMS") || GROUP.contains(name)) && !DeliveryHeaders.JMS.leavesOut(name));
    }

    private static Map<String, Object> members(
            Object message, LibraryMethod names, LibraryMethod value, java.util.function.Predicate<String> counts) {
        Map<String, Object> members = new LinkedHashMap<>();
        List<Object> all = new ArrayList<>(Collections.list((Enumeration<?>) names.read(message)));
        for (Object name : all) {
            if (counts.test((String) name)) {
                members.put((String) name, value.call(message, name));
            }
        }
        return members;
    }

    /** Reads the body of a BytesMessage by the methods of its interface alone, and puts its reader back to where it stood. */
    private static final class BytesBody implements MembersMapping.Reader {

        private final LibraryMethod length;
        private final LibraryMethod read;
        private final LibraryMethod reset;

        BytesBody(Class<?> message) throws NoSuchMethodException {
            length = LibraryMethod.of(message, "getBodyLength");
            read = LibraryMethod.of(message, "readBytes", byte[].class);
            reset = LibraryMethod.of(message, "reset");
        }

        @Override
        public Object read(Object message) {
            int all = Math.toIntExact(bodyLength(message));
            int rest = fill(message, new byte[all]);
            byte[] body = new byte[all];
            reset.read(message);
            int count = fill(message, body);
            reset.read(message);
            fill(message, new byte[all - rest]);
            if (count != all) {
                throw new UnhashableException(
                        "",
                        message.getClass().getName() + " gave " + count + " of " + all + " bytes of its body;"
                                + " hand over its content, or mark the parameter @Unhashed",
                        null);
            }
            return body;
        }

        /** A message that is still being written can't be read, and to end the writing is not ours to do. */
        private long bodyLength(Object message) {
            try {
                return (Long) length.read(message);
            } catch (UnhashableException e) {
                throw new UnhashableException(
                        "",
                        message.getClass().getName() + " is a BytesMessage that can't be read (its"
                                + " getBodyLength() threw "
                                + (e.getCause() == null
                                        ? ""
                                        : e.getCause().getClass().getName())
                                + "); call its reset() when it is written, hand over its bytes, or mark the parameter @Unhashed",
                        e.getCause());
            }
        }

        /** Reads until the array is full or the body ends. */
        private int fill(Object message, byte[] bytes) {
            int count = 0;
            while (count < bytes.length) {
                byte[] part = count == 0 ? bytes : new byte[bytes.length - count];
                int read = (Integer) this.read.call(message, part);
                if (read <= 0) {
                    return count;
                }
                if (count > 0) {
                    System.arraycopy(part, 0, bytes, count, read);
                }
                count += read;
            }
            return count;
        }
    }
}

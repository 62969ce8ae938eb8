package io.idempotenttrace.core.canonical;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The requests, responses and messages of the AWS SDK for Java 2: the fields that are set, under the names of their accessors.
 * Messages of SQS, here and in the events of AWS Lambda, without what each receiving changes: the receipt handle, the count and the
 * time of the first receiving ({@link DeliveryHeaders#SQS}), and without the trace context in their attributes. Pointers reach those.
 */
final class AwsMapping {

    private static final Set<String> READ_ABOVE = Set.of("getAttributes", "getMessageAttributes", "getReceiptHandle");

    /** In small letters. It counts the trace context in, and says no more than the attributes, which are hashed themselves. */
    private static final String SUM_OF_ATTRIBUTES = "md5ofmessageattributes";

    private AwsMapping() {}

    static ValueMapping of(Class<?> known, Class<?> type) throws NoSuchMethodException {
        return switch (known.getName()) {
            case "software.amazon.awssdk.core.SdkPojo" -> new Pojo(known, type);
            case "software.amazon.awssdk.core.BytesWrapper" -> {
                LibraryMethod bytes = LibraryMethod.of(known, "asByteArray");
                yield new ScalarMapping.Bytes(value -> ByteBuffer.wrap((byte[]) bytes.read(value)));
            }
            default -> sqsMessage(known);
        };
    }

    /** A message of the events of AWS Lambda, or of the SDK 1: a bean. */
    private static ValueMapping sqsMessage(Class<?> known) throws NoSuchMethodException {
        LibraryMethod attributes = LibraryMethod.of(known, "getAttributes");
        LibraryMethod messageAttributes = LibraryMethod.of(known, "getMessageAttributes");
        MembersMapping message = new MembersMapping()
                .withPart(
                        "attributes",
                        attributes,
                        value -> DeliveryHeaders.SQS.hashed((Map<?, ?>) attributes.read(value)))
                .withPart(
                        "messageAttributes",
                        messageAttributes,
                        value -> DeliveryHeaders.TRACE_CONTEXT.hashed((Map<?, ?>) messageAttributes.read(value)))
                .unhashed("receiptHandle", LibraryMethod.of(known, "getReceiptHandle"));
        for (Method method : known.getMethods()) {
            String name = method.getName();
            boolean getter = name.startsWith("get")
                    && method.getParameterCount() == 0
                    && method.getDeclaringClass() != Object.class;
            if (!getter || READ_ABOVE.contains(name)) {
                continue;
            }
            String member = Character.toLowerCase(name.charAt(3)) + name.substring(4);
            LibraryMethod reader = LibraryMethod.of(known, name);
            if (member.equalsIgnoreCase(SUM_OF_ATTRIBUTES)) {
                message.unhashed(member, reader);
            } else {
                message.with(member, reader);
            }
        }
        return message;
    }

    /** Fields by the SDK's own description of the class. */
    private static final class Pojo extends ValueMapping {

        /** The list and the map that the SDK gives for a field that is not set. */
        private static final String UNSET = "software.amazon.awssdk.core.util.DefaultSdkAutoConstruct";

        private static final String FIELD = "software.amazon.awssdk.core.SdkField";

        private final LibraryMethod fields;
        /** Names of accessors by themselves in small letters: of the member {@code MD5OfBody} that is {@code md5OfBody}. */
        private final Map<String, String> accessors = new HashMap<>();

        private final boolean received;
        private volatile @Nullable LibraryMethod fieldValue;

        Pojo(Class<?> known, Class<?> type) throws NoSuchMethodException {
            fields = LibraryMethod.of(known, "sdkFields");
            received = type.getName().equals("software.amazon.awssdk.services.sqs.model.Message");
            for (Method method : type.getMethods()) {
                if (method.getParameterCount() == 0) {
                    accessors.put(method.getName().toLowerCase(java.util.Locale.ROOT), method.getName());
                }
            }
        }

        @Override
        void write(CanonicalWriter writer, Object pojo) {
            int from = writer.beginMembers(pojo);
            for (Object field : (List<?>) fields.read(pojo)) {
                String name = name(field);
                if (writer.excludes(name) || isOfDelivery(name) && !writer.names(name)) {
                    continue;
                }
                Object value = value(field, pojo);
                value = value == null || !received || writer.includesOnlyInside(name) ? value : hashed(name, value);
                if (value != null) {
                    writer.addMember(name, value);
                }
            }
            writer.endMembers(from);
        }

        private boolean isOfDelivery(String name) {
            return received && (name.equals("receiptHandle") || name.equalsIgnoreCase(SUM_OF_ATTRIBUTES));
        }

        /** Null where tracers wrote all of the attributes: the same message without a tracer has no such member. */
        private static @Nullable Object hashed(String name, Object value) {
            boolean isOfSqs = name.equals("attributes");
            if (!isOfSqs && !name.equals("messageAttributes") || ((Map<?, ?>) value).isEmpty()) {
                return value;
            }
            Map<?, ?> ofSender = DeliveryHeaders.TRACE_CONTEXT.hashed((Map<?, ?>) value);
            if (ofSender == null || ofSender.isEmpty()) {
                return null;
            }
            return isOfSqs ? DeliveryHeaders.SQS.hashed(ofSender) : ofSender;
        }

        /** Each field that the class declares is there, be it null. */
        @Override
        boolean hasChild(Object pojo, String segment) {
            for (Object field : (List<?>) fields.read(pojo)) {
                if (segment.equals(name(field)) || segment.equals(memberOf(field))) {
                    return true;
                }
            }
            return false;
        }

        @Override
        @Nullable
        Object child(Object pojo, String segment) {
            for (Object field : (List<?>) fields.read(pojo)) {
                if (segment.equals(name(field)) || segment.equals(memberOf(field))) {
                    return value(field, pojo);
                }
            }
            return null;
        }

        private String name(Object field) {
            String name = (String) memberOf(field);
            String accessor = accessors.get(name.toLowerCase(java.util.Locale.ROOT));
            return accessor == null ? name : accessor;
        }

        private static Object memberOf(Object field) {
            return LibraryMethods.of(field, FIELD, "memberName").read(field);
        }

        /** Null where the field is not set: the SDK then gives a container of its own. */
        private @Nullable Object value(Object field, Object pojo) {
            LibraryMethod method = fieldValue;
            if (method == null) {
                try {
                    method = LibraryMethod.of(field.getClass(), "getValueOrDefault", Object.class);
                } catch (NoSuchMethodException e) {
                    throw new UnhashableException(
                            "",
                            pojo.getClass().getName() + " is of a version of the AWS SDK that is not known (there"
                                    + " is no " + e.getMessage() + "); mark the parameter @Unhashed",
                            e);
                }
                fieldValue = method;
            }
            Object value = method.call(field, pojo);
            return value == null || value.getClass().getName().startsWith(UNSET) ? null : value;
        }
    }
}

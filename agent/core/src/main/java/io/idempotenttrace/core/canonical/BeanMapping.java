package io.idempotenttrace.core.canonical;

import java.util.Arrays;
import java.util.List;

/** A record, a bean or an object with public fields: an object of its properties. */
final class BeanMapping extends ValueMapping {

    /** A property with its name as each form writes it. */
    private record Member(BeanProperty property, byte[] python, byte[] jcs) {

        static Member of(BeanProperty property) {
            return new Member(property, written(CanonicalForm.PYTHON, property.name()), written(CanonicalForm.JCS, property.name()));
        }

        /** {@code "name":}; null where the form has none for the name, which is then refused as it is met. */
        private static byte[] written(CanonicalForm form, String name) {
            try {
                byte[] text = new PayloadHasher(form).canonical(name, Exclusions.NONE);
                byte[] withColon = Arrays.copyOf(text, text.length + 1);
                withColon[text.length] = ':';
                return withColon;
            } catch (UnhashableException e) {
                return null;
            }
        }
    }

    private final Class<?> type;
    private final Member[] byCodePoint;
    private final Member[] byUnit;

    private BeanMapping(Class<?> type, List<BeanProperty> properties) {
        this.type = type;
        byCodePoint = sorted(properties, KeyOrder.CODE_POINTS);
        byUnit = sorted(properties, KeyOrder.UTF_16_UNITS);
    }

    private static Member[] sorted(List<BeanProperty> properties, KeyOrder order) {
        return properties.stream().sorted((a, b) -> order.compare(a.name(), b.name())).map(Member::of).toArray(Member[]::new);
    }

    static ValueMapping of(Class<?> type) {
        List<BeanProperty> properties;
        try {
            properties = BeanProperties.of(type);
        } catch (BeanProperties.NotABean e) {
            return new RefusedMapping(e.getMessage());
        }
        if (properties.isEmpty() && !type.isRecord()) {
            return new RefusedMapping(type.getName() + " has no public getter, public field or record component to hash; add one, or"
                    + " mark the parameter @Unhashed");
        }
        return new BeanMapping(type, properties);
    }

    @Override
    void write(CanonicalWriter writer, Object bean) {
        writer.beginObject(bean);
        boolean python = writer.form == CanonicalForm.PYTHON;
        boolean first = true;
        for (Member member : python ? byCodePoint : byUnit) {
            BeanProperty property = member.property;
            writer.reading(property.name());
            Object value;
            try {
                value = property.read(bean);
            } catch (VirtualMachineError e) {
                throw e;
            } catch (Throwable e) {
                throw writer.refused(failure(property, e), e);
            }
            if (!property.omits(value)) {
                first = writer.member(property.name(), python ? member.python : member.jcs, value, first);
            }
        }
        writer.endObject();
    }

    @Override
    Object child(Object bean, String segment) {
        for (Member member : byCodePoint) {
            if (member.property.name().equals(segment)) {
                try {
                    return member.property.read(bean);
                } catch (VirtualMachineError e) {
                    throw e;
                } catch (Throwable e) {
                    throw new UnhashableException("/" + Pointer.escape(segment), failure(member.property, e), e);
                }
            }
        }
        return null;
    }

    /** The failure's own message stays out: it may quote the payload. */
    private String failure(BeanProperty property, Throwable thrown) {
        return property.source() + " of " + type.getName() + " threw " + thrown.getClass().getName()
                + "; mend it, exclude the field, or mark the parameter @Unhashed";
    }
}

package io.idempotenttrace.core.canonical;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A record, a bean or an object with public fields: an object of its properties. */
final class BeanMapping extends ValueMapping {

    /** A property with its name as the forms write it, in ASCII and in UTF-8. */
    private record Member(BeanProperty property, byte @Nullable [] ascii, byte @Nullable [] utf8) {

        static Member of(BeanProperty property) {
            return new Member(
                    property,
                    written(CanonicalForm.PYTHON, property.name()),
                    written(CanonicalForm.PYTHON_UNICODE, property.name()));
        }

        /** {@code "name":}; null where the form has none for the name, which is then refused as it is met. */
        private static byte @Nullable [] written(CanonicalForm form, String name) {
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

    /**
     * What an object is beside its properties: the elements that it iterates over, a map's entries, a text.
     *
     * @param name of the member
     * @param view gives the member's value, which must be another object than the one it is of: that would be a cycle
     */
    record Content(String name, Function<Object, Object> view) {}

    /** Stands for a value that a getter could not give. */
    private static final Object ABSENT = new Object();

    private static final Content ELEMENTS = new Content("elements", BeanMapping::elements);

    private final Class<?> type;
    private final Member[] byCodePoint;
    private final Member[] byUnit;

    /** The map whose entries are members too; null if there is none. */
    private final @Nullable BeanProperty anyGetter;
    /** What is a member too; null if nothing is. */
    private final @Nullable Content content;
    /** What its properties do not show; null if they show all. */
    private final @Nullable UnseenFields unseen;
    /** Why nothing is left to hash where what they do not show is ignored; null if something is. */
    private final @Nullable String showsNothing;
    /** Whether a getter that throws may be left out, if it returns no field: the fields are all shown by others. */
    private final boolean withoutFailing;
    /** The names of members that tell the types of others. */
    private final Set<String> typeNames;
    /** Of an entity that EclipseLink has woven; null of any other object. */
    private final @Nullable WovenAttributes woven;

    /**
     * @param content what it is beside its properties; null if nothing
     * @param unseen what its properties do not show; null if they show all
     * @param showsNothing why nothing is left to hash without the unseen fields; null if something is
     */
    BeanMapping(
            Class<?> type,
            BeanProperties properties,
            @Nullable Content content,
            @Nullable UnseenFields unseen,
            @Nullable String showsNothing) {
        this(type, properties, content, unseen, showsNothing, /* woven= */ null);
    }

    private BeanMapping(
            Class<?> type,
            BeanProperties properties,
            @Nullable Content content,
            @Nullable UnseenFields unseen,
            @Nullable String showsNothing,
            @Nullable WovenAttributes woven) {
        this.type = type;
        this.woven = woven;
        this.content = content;
        this.unseen = unseen;
        this.showsNothing = showsNothing;
        withoutFailing = unseen == null && properties.showsItsState();
        byCodePoint = sorted(properties.properties(), KeyOrder.CODE_POINTS);
        byUnit = sorted(properties.properties(), KeyOrder.UTF_16_UNITS);
        typeNames = new HashSet<>();
        for (BeanProperty property : properties.properties()) {
            if (property.typeBeside() != null) {
                typeNames.add(property.typeBeside().property());
            }
        }
        anyGetter = properties.anyGetter();
    }

    private static Member[] sorted(List<BeanProperty> properties, KeyOrder order) {
        List<BeanProperty> inOrder = new ArrayList<>(properties);
        inOrder.sort(new Comparator<>() {
            @Override
            public int compare(BeanProperty a, BeanProperty b) {
                return order.compare(a.name(), b.name());
            }
        });
        Member[] members = new Member[inOrder.size()];
        for (int i = 0; i < members.length; i++) {
            members[i] = Member.of(inOrder.get(i));
        }
        return members;
    }

    static ValueMapping of(Class<?> type) {
        return of(type, /* woven= */ null);
    }

    /** Of an entity whose getters load what is lazy. */
    static ValueMapping ofWoven(Class<?> type, WovenAttributes attributes) {
        return of(type, attributes);
    }

    private static ValueMapping of(Class<?> type, @Nullable WovenAttributes woven) {
        BeanProperties properties;
        try {
            properties = BeanProperties.of(type);
        } catch (BeanProperties.NotABean e) {
            return new RefusedMapping(e.reason());
        } catch (LinkageError e) {
            return unreadable(type, e);
        }
        // It is iterated over, and no property shows what it holds.
        boolean withElements = Iterable.class.isAssignableFrom(type) && !properties.showsElements();
        UnseenFields unseen;
        try {
            unseen = UnseenFields.of(type, properties, withElements);
        } catch (LinkageError e) {
            return unreadable(type, e);
        }
        if (woven != null) {
            woven.learn(properties, type);
        }
        String showsNothing = showsNothing(type, properties);
        return showsNothing != null && unseen == null
                ? new RefusedMapping(showsNothing)
                : new BeanMapping(type, properties, withElements ? ELEMENTS : null, unseen, showsNothing, woven);
    }

    private static RefusedMapping unreadable(Class<?> type, LinkageError e) {
        return new RefusedMapping(
                type.getName() + " can't be read: " + e.getClass().getName() + " (" + e.getMessage() + "); add the"
                        + " class that it lacks, or mark the parameter @Unhashed");
    }

    /** Why the properties give nothing to hash; null if they do. */
    private static @Nullable String showsNothing(Class<?> type, BeanProperties properties) {
        boolean isEmpty = properties.properties().isEmpty() && properties.anyGetter() == null;
        if (isEmpty && !type.isRecord() && !TypedMapping.isWritten(type)) {
            return type.getName()
                    + " has no public getter, public field or record component to hash; add one, or mark the parameter"
                    + " @Unhashed";
        }
        return !properties.showsOnlyFlags()
                ? null
                : type.getName() + " shows only flags ("
                        + properties.properties().get(0).source()
                        + "), by which two different payloads would hash alike; hand over a map, list or bean of what it holds, or mark the"
                        + " parameter @Unhashed";
    }

    /** What no property of its objects shows; null if there is nothing. */
    @Nullable
    UnseenFields unseen() {
        return unseen;
    }

    /** Whether its objects may have members of which the class does not tell the names. */
    boolean hasMore() {
        return anyGetter != null || content != null;
    }

    /** Whether the class has properties that tell what its fields hold. */
    static boolean showsItsState(Class<?> type) {
        try {
            return BeanProperties.of(type).showsItsState();
        } catch (BeanProperties.NotABean | LinkageError e) {
            return false;
        }
    }

    @Override
    boolean isObject(Object bean) {
        return true;
    }

    @Override
    void write(CanonicalWriter writer, Object bean) {
        boolean withUnseen = unseen != null && belong(unseen, writer);
        if (anyGetter != null || content != null || withUnseen || writer.isTyped() || !typeNames.isEmpty()) {
            writeWithMore(writer, bean, withUnseen);
            return;
        }
        writer.beginObject(bean);
        boolean ascii = writer.form.isAscii();
        boolean first = true;
        for (Member member : writer.form.isPython() ? byCodePoint : byUnit) {
            BeanProperty property = member.property;
            if (writer.excludes(property.name())) {
                // Not even read: it may be excluded because its getter fails or acts.
                continue;
            }
            Object value = read(writer, property, bean);
            if (value != ABSENT && !property.omits(value)) {
                first = writer.member(
                        property.name(), ascii ? member.ascii : member.utf8, property.typed(value), first);
            }
        }
        writer.endObject();
    }

    /** Whether the unseen fields are written too. */
    private boolean belong(UnseenFields unseen, CanonicalWriter writer) {
        boolean written = unseen.belong(writer);
        if (!written && showsNothing != null) {
            throw writer.refused(showsNothing, null);
        }
        return written;
    }

    /** With an any-getter's entries, the elements, or what no property shows among the properties. */
    private void writeWithMore(CanonicalWriter writer, Object bean, boolean withUnseen) {
        int from = writer.beginMembers(bean);
        Map<String, List<String>> idsBeside = new TreeMap<>();
        for (Member member : byUnit) {
            if (writer.excludes(member.property.name())) {
                continue;
            }
            Object value = read(writer, member.property, bean);
            if (value != ABSENT && (!member.property.omits(value) || isTypeName(writer, member.property.name()))) {
                writer.addMember(member.property.name(), member.property.typed(value));
                typeBeside(member.property, value, idsBeside);
            }
        }
        writer.endDeclared();
        Map<?, ?> entries = anyGetter == null ? null : (Map<?, ?>) read(writer, anyGetter, bean);
        if (entries != null) {
            entries.forEach(writer);
        }
        if (content != null) {
            writer.addMember(content.name, content.view.apply(bean));
        }
        if (withUnseen && unseen != null) {
            unseen.addTo(writer, bean, woven);
        }
        for (Map.Entry<String, List<String>> ids : idsBeside.entrySet()) {
            // Two properties whose types are told by one member: a list tells both.
            List<String> told = ids.getValue();
            writer.addTypeId(from, ids.getKey(), told.size() == 1 ? told.get(0) : told);
        }
        writer.endMembers(from);
    }

    /** Whether the id of a type has the property's name: then it would be taken for the property's value if that were left out. */
    private boolean isTypeName(CanonicalWriter writer, String name) {
        return typeNames.contains(name) || writer.isTypedBy(name);
    }

    private static void typeBeside(BeanProperty property, @Nullable Object value, Map<String, List<String>> ids) {
        JacksonTypeInfo info = property.typeBeside();
        Class<?> typed = info == null || value == null
                ? null
                : PersistenceMapping.ofProxy(value).getClass();
        if (info != null && typed != null && TypedMapping.hasId(typed)) {
            ids.computeIfAbsent(info.property(), name -> new ArrayList<>()).add(info.id(typed));
        }
    }

    /**
     * The property's value, or {@link #ABSENT}. A getter that only computes something of fields that others show may fail for some
     * objects, as those of library types do that are called at the wrong time. It fails alike for equal ones.
     */
    private Object read(CanonicalWriter writer, BeanProperty property, Object bean) {
        writer.reading(property.name());
        refuseUnloaded(bean, property, "");
        try {
            return property.read(bean);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            if (withoutFailing && property.kind() != BeanProperty.Kind.STATE && e instanceof Exception) {
                return ABSENT;
            }
            throw writer.refused(failure(property, e), e);
        }
    }

    @Override
    @Nullable
    Object child(Object bean, String segment) {
        for (Member member : byCodePoint) {
            if (member.property.name().equals(segment)) {
                return member.property.typed(read(member.property, bean, segment));
            }
        }
        if (content != null && segment.equals(content.name)) {
            return content.view.apply(bean);
        }
        Object entries = anyGetter == null ? null : read(anyGetter, bean, segment);
        return entries == null ? null : ContainerMapping.MAP.child(entries, segment);
    }

    /** Each property is there, be it null or left out of the JSON for its value. */
    @Override
    boolean hasChild(Object bean, String segment) {
        return childNames(bean).contains(segment);
    }

    @Override
    List<String> childNames(Object bean) {
        List<String> names = new ArrayList<>();
        for (Member member : byCodePoint) {
            names.add(member.property.name());
        }
        if (content != null) {
            names.add(content.name);
        }
        Object entries = anyGetter == null ? null : read(anyGetter, bean, "");
        if (entries != null) {
            names.addAll(ContainerMapping.MAP.childNames(entries));
        }
        return names;
    }

    private void refuseUnloaded(Object bean, BeanProperty property, String pointer) {
        String attribute = woven == null ? null : woven.unloaded(bean, property.name());
        if (attribute != null) {
            throw PersistenceMapping.attributeNotLoaded(bean, pointer, attribute);
        }
    }

    private Object read(BeanProperty property, Object bean, String segment) {
        refuseUnloaded(bean, property, "/" + Pointer.escape(segment));
        try {
            return property.read(bean);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            throw new UnhashableException("/" + Pointer.escape(segment), failure(property, e), e);
        }
    }

    /** An Iterable that is nothing else, and another object than the bean, as Content demands. */
    @SuppressWarnings("unchecked")
    static Iterable<Object> elements(Object bean) {
        Iterable<Object> elements = (Iterable<Object>) bean;
        OneTimeSources.refuse(elements);
        return new Elements(elements::iterator);
    }

    /** The failure's own message stays out: it may quote the payload. */
    private String failure(BeanProperty property, Throwable thrown) {
        return property.source() + " of " + type.getName() + " threw "
                + thrown.getClass().getName() + "; mend it, exclude the field, or mark the parameter @Unhashed";
    }
}

package io.idempotenttrace.core.canonical;

import io.idempotenttrace.core.classfile.CompiledClass;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a class that are state of its objects, and that its properties do not show. Two objects that differ in them alone
 * would have one hash, and the second would be taken for a redelivery of the first. So an object of such a class is hashed only
 * where the user has decided what becomes of them: {@link UnseenFieldPolicy}.
 *
 * <p>Every field counts, of superclasses too, and what a local or anonymous class captures, but those that hold no state
 * ({@link StatelessFields}) and those that a property shows ({@link HeldFields}). Found once for a class.
 */
final class UnseenFields {

    private static final MethodType GETTER = MethodType.methodType(Object.class, Object.class);
    private static final int MOST_NAMED = 5;
    private static final Set<String> ITERATION = Set.of(
            "iterator()Ljava/util/Iterator;",
            "spliterator()Ljava/util/Spliterator;",
            "forEach(Ljava/util/function/Consumer;)V");

    /**
     * One of the fields.
     *
     * @param name as a member of the object's JSON, where the fields are hashed
     * @param misnamed whether a getter has its name, and returns something else
     */
    private record Unseen(Field field, String name, boolean misnamed) {}

    private final Class<?> type;
    private final List<Unseen> fields;
    private final String reason;
    /** Made at the first use: only then the fields must be readable. */
    private volatile MethodHandle @Nullable [] handles;

    private UnseenFields(Class<?> type, List<Unseen> fields, BeanProperties properties) {
        this.type = type;
        this.fields = fields;
        reason = reason(properties);
    }

    /**
     * @param properties learn which of them show a field
     * @param withElements whether what it iterates over is shown too
     * @return null where the properties show all
     */
    static @Nullable UnseenFields of(Class<?> type, BeanProperties properties, boolean withElements) {
        CompiledClass code = CompiledClass.of(type);
        HeldFields held = HeldFields.of(type, code, properties);
        properties.learn(held);
        List<Field> state = new ArrayList<>();
        for (Class<?> level = type; level != null && level != Object.class; level = level.getSuperclass()) {
            StatelessFields.addState(level, code, state);
        }
        if (withElements && !state.isEmpty()) {
            removeElements(state, code);
        }
        return of(type, state, held, properties);
    }

    /**
     * @param state the fields that are to be shown
     * @param properties of the class
     * @return null where the properties show all
     */
    static @Nullable UnseenFields of(Class<?> type, List<Field> state, HeldFields held, BeanProperties properties) {
        List<Field> unseen = new ArrayList<>(state);
        unseen.removeIf(held::contains);
        return unseen.isEmpty() ? null : new UnseenFields(type, named(unseen, held, properties), properties);
    }

    /** What its iterator reads is what it iterates over. */
    private static void removeElements(List<Field> candidates, CompiledClass code) {
        Set<String> read = code.readFrom(ITERATION);
        candidates.removeIf(field ->
                read != null ? read.contains(CompiledClass.name(field)) : HeldFields.isContainer(field.getType()));
    }

    /** Each with a name that no other member of the object has. */
    private static List<Unseen> named(List<Field> fields, HeldFields held, BeanProperties properties) {
        Set<String> names = new HashSet<>();
        for (BeanProperty property : properties.properties()) {
            names.add(property.name());
        }
        List<Unseen> unseen = new ArrayList<>();
        for (Field field : fields) {
            String name = names.add(field.getName()) ? field.getName() : CompiledClass.name(field);
            unseen.add(new Unseen(field, name, held.isMisnamed(field)));
        }
        return unseen;
    }

    private String reason(BeanProperties properties) {
        StringBuilder text = new StringBuilder(type.getName()).append(" shows ");
        if (properties.properties().isEmpty()) {
            text.append("nothing");
        } else if (properties.showsOnlyFlags()) {
            text.append("only flags (")
                    .append(properties.properties().get(0).source())
                    .append(')');
        } else {
            text.append("only ");
            for (int i = 0; i < properties.properties().size() && i < MOST_NAMED; i++) {
                text.append(i == 0 ? "'" : ", '")
                        .append(properties.properties().get(i).name())
                        .append('\'');
            }
            text.append(properties.properties().size() > MOST_NAMED ? ", ..." : "");
        }
        text.append(" of its state: ");
        for (int i = 0; i < fields.size() && i < MOST_NAMED; i++) {
            Unseen unseen = fields.get(i);
            text.append(i == 0 ? "field '" : ", field '")
                    .append(unseen.field.getName())
                    .append("' (")
                    .append(CompiledClass.name(unseen.field))
                    .append(')')
                    .append(unseen.misnamed ? ", which the getter of that name does not return as it is," : "");
        }
        text.append(fields.size() > MOST_NAMED ? " and " + (fields.size() - MOST_NAMED) + " more" : "")
                .append(fields.size() > 1 ? " are" : " is")
                .append(" held by no getter, so two different payloads would hash alike. ");
        return text.append(
                        "Give it a public getter or @JsonProperty; or map the class (setting 'mapping'); or say type.")
                .append(type.getName())
                .append(".unseen-fields=hash, or =ignore if it is no payload; or exclude \"/")
                .append(Pointer.escape(fields.get(0).field.getName()))
                .append("\"; or mark the parameter @Unhashed and take its key from the parts that"
                        + " are shown, by @IdempotencyKey")
                .toString();
    }

    /** Why an object of the class is refused, and the ways out. */
    String reason() {
        return reason;
    }

    /**
     * Whether the fields are to be written with the object that is about to be written.
     *
     * @throws UnhashableException if the object is refused
     */
    boolean belong(CanonicalWriter writer) {
        UnseenFieldPolicy policy = writer.unseenFieldsOf(type);
        if (policy == UnseenFieldPolicy.REFUSE && !areAll(writer::excludes)) {
            throw writer.refused(reason, null);
        }
        return policy == UnseenFieldPolicy.HASH;
    }

    /** Whether the test says so of each of the fields, by a name of it. */
    boolean areAll(Predicate<String> excludes) {
        for (Unseen unseen : fields) {
            // By its own name too where that is a property's: who leaves out what the getter makes of the field means
            // the field.
            if (!excludes.test(unseen.name) && !excludes.test(unseen.field.getName())) {
                return false;
            }
        }
        return true;
    }

    /**
     * Adds the fields to the members of the object that was begun.
     *
     * @param woven of an entity that EclipseLink has woven; null of any other object
     */
    void addTo(CanonicalWriter writer, Object bean, @Nullable WovenAttributes woven) {
        MethodHandle[] readers = handles;
        if (readers == null) {
            readers = handles(writer);
            handles = readers;
        }
        for (int i = 0; i < readers.length; i++) {
            String name = fields.get(i).name;
            if (!writer.excludes(name)) {
                String attribute = fields.get(i).field.getName();
                if (woven != null && woven.isUnloadedField(bean, attribute)) {
                    writer.reading(name);
                    throw PersistenceMapping.attributeNotLoaded(bean, "", attribute);
                }
                writer.addMember(name, read(writer, readers[i], bean));
            }
        }
    }

    private static Object read(CanonicalWriter writer, MethodHandle reader, Object bean) {
        try {
            return (Object) reader.invokeExact(bean);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            throw writer.refused(
                    "a field could not be read (" + e.getClass().getName() + "); mark the parameter @Unhashed", e);
        }
    }

    private MethodHandle[] handles(CanonicalWriter writer) {
        MethodHandle[] made = new MethodHandle[fields.size()];
        for (int i = 0; i < made.length; i++) {
            Field field = fields.get(i).field;
            try {
                field.setAccessible(true);
                made[i] = MethodHandles.lookup().unreflectGetter(field).asType(GETTER);
            } catch (IllegalAccessException | InaccessibleObjectException e) {
                Class<?> declaring = field.getDeclaringClass();
                throw writer.refused(
                        "field '" + field.getName() + "' of " + declaring.getName()
                                + " can't be read (unseen-fields=hash): its"
                                + " module " + declaring.getModule().getName() + " does not open package "
                                + declaring.getPackageName()
                                + "; open it, or mark the parameter @Unhashed",
                        null);
            }
        }
        return made;
    }
}

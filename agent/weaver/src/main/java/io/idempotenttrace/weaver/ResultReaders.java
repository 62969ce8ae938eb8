package io.idempotenttrace.weaver;

import io.idempotenttrace.core.classfile.OutsideEffects;
import io.idempotenttrace.core.classfile.SuperTypes;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedWithParams;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.json.JsonMapper;

/** What can be read back from JSON, as far as types tell: asked before a value is written, since its getters are the application's code. */
final class ResultReaders {

    private final JsonMapper mapper;

    ResultReaders(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** Whether an object can be made from JSON of the declared type: not of an abstract one of which nothing says which class to read. */
    boolean canMake(JavaType declared) {
        try {
            DeserializationContext context = mapper._deserializationContext();
            if (context.findTypeDeserializer(declared) != null) {
                return true;
            }
            ValueDeserializer<?> reader = context.findNonContextualValueDeserializer(declared);
            return reader instanceof BeanDeserializerBase bean
                    ? bean.getValueInstantiator().canInstantiate()
                    : !(reader instanceof AbstractDeserializer) || reader.getObjectIdReader(context) != null;
        } catch (LinkageError | RuntimeException e) {
            // What is wrong with the class, or missing beside it, ends its reading too.
            return false;
        }
    }

    /**
     * The names of the members that are taken from a JSON object of the class, or of one that it extends or implements: its value may be
     * declared as that.
     *
     * @return null if no object of any of these can be made
     */
    @Nullable
    Members membersOf(Class<?> type) {
        Set<Class<?>> levels = new LinkedHashSet<>();
        addLevels(type, levels);
        Members all = null;
        for (Class<?> level : levels) {
            Members members = declaredMembers(level);
            if (Members.REFUSED.equals(members)) {
                return null;
            }
            all = all == null ? members : members == null ? all : all.and(members);
        }
        return all;
    }

    /** The members that are read; of some types each may be. */
    record Members(boolean each, Set<String> names) {

        private static final Members EACH = new Members(true, Set.of());
        private static final Members NONE = new Members(false, Set.of());
        /** Of a class of which no object is to be made for the agent's ends. */
        private static final Members REFUSED = new Members(false, Set.of(""));

        boolean contain(String name) {
            return each || names.contains(name);
        }

        private Members and(Members other) {
            Set<String> both = new HashSet<>(names);
            both.addAll(other.names);
            return new Members(each || other.each, both);
        }
    }

    private static void addLevels(@Nullable Class<?> type, Set<Class<?>> levels) {
        if (type == null || type == Object.class || type == Record.class || !levels.add(type)) {
            return;
        }
        addLevels(type.getSuperclass(), levels);
        for (Class<?> implemented : type.getInterfaces()) {
            // An interface of the JDK says nothing of the classes that implement it.
            if (!SuperTypes.isPlatform(implemented)) {
                addLevels(implemented, levels);
            }
        }
    }

    private @Nullable Members declaredMembers(Class<?> level) {
        if (Singletons.is(level)) {
            return Members.NONE;
        }
        try {
            DeserializationContext context = mapper._deserializationContext();
            JavaType type = mapper.constructType(level);
            ValueDeserializer<?> reader = context.findNonContextualValueDeserializer(type);
            if (!(reader instanceof BeanDeserializerBase bean)) {
                return reader instanceof AbstractDeserializer ? null : Members.EACH;
            }
            ValueInstantiator maker = bean.getValueInstantiator();
            if (OutsideEffects.areIn(codeThatReads(bean))) {
                return Members.REFUSED;
            }
            // An exception is made of its message and its cause, whatever its members are.
            if (Throwable.class.isAssignableFrom(level)
                    || maker.canCreateUsingDelegate()
                    || maker.canCreateUsingArrayDelegate()) {
                return Members.EACH;
            }
            return maker.canCreateUsingDefault() || maker.canCreateFromObjectWith()
                    ? membersOf(context.introspectBeanDescription(type))
                    : null;
        } catch (LinkageError | RuntimeException e) {
            return null;
        }
    }

    /** Whether to read an object of the class does more than to make it: whoever stores a result would do that work once more. */
    boolean areReadByWork(Class<?> type) {
        return Members.REFUSED.equals(declaredMembers(type));
    }

    /** The constructors, factory methods and setters that are called when the JSON is read. */
    private static List<Executable> codeThatReads(BeanDeserializerBase reader) {
        ValueInstantiator maker = reader.getValueInstantiator();
        List<Executable> called = new ArrayList<>();
        for (AnnotatedWithParams creator : Arrays.asList(
                maker.getDefaultCreator(),
                maker.getWithArgsCreator(),
                maker.getDelegateCreator(),
                maker.getArrayDelegateCreator())) {
            if (creator != null && creator.getAnnotated() instanceof Executable executable) {
                called.add(executable);
            }
        }
        reader.properties().forEachRemaining(property -> {
            AnnotatedMember member = property.getMember();
            if (member != null && member.getMember() instanceof Method setter) {
                called.add(setter);
            }
        });
        return called;
    }

    private static Members membersOf(BeanDescription description) {
        if (description.findAnySetterAccessor() != null || description.getObjectIdInfo() != null) {
            return Members.EACH;
        }
        List<BeanPropertyDefinition> properties = description.findProperties();
        Set<String> names = new HashSet<>();
        for (BeanPropertyDefinition property : properties) {
            if (property.couldDeserialize()) {
                names.add(property.getName());
            }
        }
        return new Members(false, names);
    }
}

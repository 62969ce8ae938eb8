package io.idempotenttrace.weaver;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.idempotenttrace.weaver.async.ReturnedClass;
import java.lang.annotation.Annotation;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.jsontype.NamedType;

/**
 * What Jackson may do with results. It honours the application's own Jackson annotations. Sealed types are told apart by a
 * name out of their closed list. A class is never taken by the name that the JSON gives: what stands in Redis is not trusted.
 * Values that can be read once only are not touched: they belong to the caller.
 */
final class ResultIntrospector extends JacksonAnnotationIntrospector {

    private static final long serialVersionUID = 1L;

    private static final List<Class<?>> NEVER_WRITTEN = List.of(
            Iterator.class,
            Enumeration.class,
            Spliterator.class,
            AutoCloseable.class,
            // Each of its getters connects.
            URLConnection.class,
            Future.class,
            CompletionStage.class,
            Thread.class,
            ClassLoader.class,
            Class.class);

    @Override
    protected <A extends Annotation> @Nullable A _findAnnotation(Annotated annotated, Class<A> type) {
        A own = super._findAnnotation(annotated, type);
        if (own != null || !type.getName().startsWith(ApplicationAnnotations.PACKAGE)) {
            return own;
        }
        Annotation theirs = annotated
                .annotations()
                .filter(annotation -> annotation.annotationType().getName().equals(type.getName()))
                .findFirst()
                .orElse(null);
        return theirs == null ? null : ApplicationAnnotations.as(type, theirs);
    }

    @Override
    protected boolean _hasAnnotation(Annotated annotated, Class<? extends Annotation> type) {
        return _findAnnotation(annotated, type) != null;
    }

    @Override
    protected boolean _hasOneOf(Annotated annotated, Class<? extends Annotation>[] types) {
        for (Class<? extends Annotation> type : types) {
            if (_hasAnnotation(annotated, type)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
        JsonTypeInfo.Value annotatedInfo = super.findPolymorphicTypeInfo(config, annotated);
        if (annotatedInfo != null && namesNoClass(annotatedInfo.getIdType())) {
            return annotatedInfo;
        }
        boolean closed =
                annotated instanceof AnnotatedClass && annotated.getRawType().isSealed();
        return closed
                ? JsonTypeInfo.Value.construct(
                        JsonTypeInfo.Id.NAME, JsonTypeInfo.As.WRAPPER_ARRAY, null, null, false, null, null)
                : null;
    }

    private static boolean namesNoClass(JsonTypeInfo.Id id) {
        return id == JsonTypeInfo.Id.NAME || id == JsonTypeInfo.Id.SIMPLE_NAME || id == JsonTypeInfo.Id.DEDUCTION;
    }

    @Override
    public List<NamedType> findSubtypes(MapperConfig<?> config, Annotated annotated) {
        List<NamedType> named = super.findSubtypes(config, annotated);
        Class<?>[] permitted =
                annotated instanceof AnnotatedClass ? annotated.getRawType().getPermittedSubclasses() : null;
        if (permitted == null || named != null && !named.isEmpty()) {
            return named;
        }
        List<NamedType> all = new ArrayList<>();
        for (Class<?> type : permitted) {
            all.add(new NamedType(type, type.getName()));
        }
        return all;
    }

    @Override
    public Object findSerializer(MapperConfig<?> config, Annotated annotated) {
        return isNeverWritten(annotated.getRawType())
                ? new Refusal.Writing("")
                : super.findSerializer(config, annotated);
    }

    @Override
    public Object findDeserializer(MapperConfig<?> config, Annotated annotated) {
        return isNeverWritten(annotated.getRawType())
                ? new Refusal.Reading()
                : super.findDeserializer(config, annotated);
    }

    /** Of a map's keys: Jackson has readers of its own for them, and that of Class loads the class that the key names. */
    @Override
    public Object findKeySerializer(MapperConfig<?> config, Annotated annotated) {
        return isNeverWritten(annotated.getRawType())
                ? new Refusal.Writing("")
                : super.findKeySerializer(config, annotated);
    }

    @Override
    public Object findKeyDeserializer(MapperConfig<?> config, Annotated annotated) {
        return isNeverWritten(annotated.getRawType())
                ? new Refusal.ReadingKeys()
                : super.findKeyDeserializer(config, annotated);
    }

    static boolean isNeverWritten(Class<?> type) {
        return type.getPackageName().equals("java.util.function")
                || NEVER_WRITTEN.stream().anyMatch(never -> never.isAssignableFrom(type))
                || goesOn(type);
    }

    /** Whether the type says that work may go on. */
    static boolean goesOn(Class<?> type) {
        ReturnedClass known = type.isPrimitive() || type.isArray() ? null : ReturnedClass.of(type);
        return known != null && known.goesOn();
    }

    /** Writes no value, whatever it is. */
    static ValueSerializer<Object> refusal() {
        return new Refusal.Writing("");
    }

    /** As {@link #refusal}, of a class whose constructors or setters do work. */
    static ValueSerializer<Object> refusalOfWork() {
        return new Refusal.Writing(", since its constructors or setters do more than fill it");
    }

    /** Both halves of "this is no value that JSON can hold". */
    private static final class Refusal {

        static final class Writing extends ValueSerializer<Object> {

            private final String reason;

            Writing(String reason) {
                this.reason = reason;
            }

            @Override
            public void serialize(Object value, JsonGenerator generator, SerializationContext context) {
                UnendedWork unended = UnendedWork.of(value);
                if (unended != null) {
                    throw unended;
                }
                context.reportMappingProblem(
                        "a %s is no value that is kept%s", value.getClass().getName(), reason);
            }
        }

        static final class ReadingKeys extends KeyDeserializer {

            @Override
            public Object deserializeKey(String key, DeserializationContext context) {
                return context.reportInputMismatch(Class.class, "no key of this type is read from a record");
            }
        }

        static final class Reading extends ValueDeserializer<Object> {

            @Override
            public Object deserialize(JsonParser parser, DeserializationContext context) {
                return context.reportInputMismatch(this, "no value of this type is read from a record");
            }
        }
    }
}

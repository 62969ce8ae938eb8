package io.idempotenttrace.weaver;

import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a method's result as JSON and reads it back as the method's generic return type, never as a type that the JSON
 * names. It belongs to one method: Jackson caches what it learns of the application's classes, which must go when they go.
 */
final class ResultJson {

    private final JavaType type;
    private final ObjectReader reader;
    private final ObjectWriter writer;

    ResultJson(MethodSpecification method, Class<?> declaring) {
        JsonMapper mapper = JsonMapper.builder().build();
        type = mapper.constructType(genericReturnType(method, declaring));
        reader = mapper.readerFor(type);
        writer = mapper.writerFor(type);
    }

    /** The JSON; null if the value can't be written. */
    String write(Object value) {
        try {
            return writer.writeValueAsString(value);
        } catch (JacksonException | LinkageError e) {
            return null;
        }
    }

    /** @throws RuntimeException if the JSON is no value of the type */
    Object read(String json) {
        return reader.readValue(json);
    }

    String typeName() {
        return type.toCanonical();
    }

    static Class<?> returnType(MethodSpecification method, Class<?> declaring) {
        return MethodType.fromMethodDescriptorString(method.descriptor(), declaring.getClassLoader()).returnType();
    }

    private static Type genericReturnType(MethodSpecification method, Class<?> declaring) {
        MethodType methodType = MethodType.fromMethodDescriptorString(method.descriptor(), declaring.getClassLoader());
        try {
            Method declared = declaring.getDeclaredMethod(method.methodName(), methodType.parameterArray());
            // Two methods may differ in their return type alone; then the plain type has to do.
            return declared.getReturnType() == methodType.returnType() ? declared.getGenericReturnType() : methodType.returnType();
        } catch (ReflectiveOperationException | LinkageError e) {
            return methodType.returnType();
        }
    }
}

package io.idempotenttrace.weaver;

import io.idempotenttrace.core.canonical.UnseenFieldPolicies;
import io.idempotenttrace.core.guard.GuardLog;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Reports, when a method is linked, the parameters whose declared types show that their objects can't be hashed: some of their state
 * is not seen. Each is said once, whatever else the log has to say.
 */
final class UnseenParameters {

    private UnseenParameters() {}

    /** @param refusing whether calls with such an argument are refused, and do not run unguarded */
    static void report(
            MethodSpecification method,
            Class<?> declaring,
            UnseenFieldPolicies policies,
            boolean refusing,
            GuardLog log) {
        try {
            Class<?>[] types = MethodType.fromMethodDescriptorString(method.descriptor(), declaring.getClassLoader())
                    .parameterArray();
            Type[] generic = generic(method, declaring, types);
            // A suspend function's continuation is none of the parameters.
            for (int i = 0; i < Math.min(types.length, method.parameters().size()); i++) {
                MethodSpecification.Parameter parameter = method.parameters().get(i);
                Set<Class<?>> classes = new LinkedHashSet<>();
                collect(types[i], classes);
                collect(generic[i], classes);
                for (Class<?> type : parameter.hashed() ? classes : Set.<Class<?>>of()) {
                    String reason = policies.refusal(type);
                    if (reason != null) {
                        log.say(method.qualifiedName() + ": parameter '" + parameter.name() + "' can't be hashed: "
                                + reason + ". Calls with such an argument "
                                + (refusing ? "are refused" : "run unguarded"));
                    }
                }
            }
        } catch (RuntimeException | LinkageError e) {
            // A type that can't be loaded: the call itself can't have an object of it.
        }
    }

    /** The types of the parameters as they are declared; the plain ones where that is not to be had. */
    static Type[] generic(MethodSpecification method, Class<?> declaring, Class<?>[] types) {
        try {
            Type[] generic =
                    declaring.getDeclaredMethod(method.methodName(), types).getGenericParameterTypes();
            return generic.length == types.length ? generic : types;
        } catch (NoSuchMethodException | NoClassDefFoundError e) {
            // Reflection looks at all methods of a class, of which another one may have a type that is not there.
            return types;
        }
    }

    /** The classes that values of the type consist of, as far as it says: itself, of an array and a List its elements. */
    private static void collect(Type type, Set<Class<?>> classes) {
        if (type instanceof ParameterizedType parameterized) {
            for (Type argument : parameterized.getActualTypeArguments()) {
                collect(argument, classes);
            }
        } else if (type instanceof Class<?> plain && plain.isArray()) {
            collect(plain.getComponentType(), classes);
        } else if (type instanceof Class<?> plain
                && !plain.isPrimitive()
                && !Modifier.isAbstract(plain.getModifiers())) {
            classes.add(plain);
        }
    }
}

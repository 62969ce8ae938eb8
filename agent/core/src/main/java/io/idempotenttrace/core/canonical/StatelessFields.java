package io.idempotenttrace.core.canonical;

import io.idempotenttrace.core.classfile.CompiledClass;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;

/**
 * The rules by which a field of an object is none of its state, and so need not be shown by a property. A rule that is too strict
 * refuses an object, which its user is told of; one that is too lenient makes one payload of two. So each has its reason.
 */
final class StatelessFields {

    /** Fields that tools add to classes, known by how their names begin. */
    private static final List<String> ADDED = List.of(
            // The interceptors of a proxy that CGLIB made, as Spring does.
            "CGLIB$",
            // Hibernate's and EclipseLink's bookkeeping of an entity: session, load state, neighbours.
            "$$_hibernate_",
            "_persistence_",
            // Virtual fields of OpenTelemetry's and Datadog's agents.
            "__opentelemetry",
            "__datadog",
            // Line counts of coverage tools.
            "$jacoco",
            "__$lineHits",
            "__cobertura",
            // What Groovy's hashCode and toString have computed. A script's class has no class file that would show who
            // writes them.
            "$hash$code",
            "$to$string",
            // Whether Scala's lazy values, which are fields of their own, have been computed.
            "bitmap$");

    /** Types that hold no payload: what an object works with, and not what it is. Known by name, since most are libraries'. */
    private static final List<String> TOOLS = List.of(
            // Where messages go to.
            "org.slf4j.Logger",
            "java.util.logging.Logger",
            "java.lang.System$Logger",
            "org.apache.logging.log4j.Logger",
            "org.apache.commons.logging.Log",
            "org.apache.log4j.Category",
            "org.jboss.logging.Logger",
            "io.netty.util.internal.logging.InternalLogger",
            "com.google.common.flogger.AbstractLogger",
            "mu.KLogger",
            "io.github.oshai.kotlinlogging.KLogger",
            "com.typesafe.scalalogging.Logger",
            // What threads wait for, and threads themselves.
            "java.util.concurrent.locks.Lock",
            "java.util.concurrent.locks.ReadWriteLock",
            "java.util.concurrent.locks.Condition",
            "java.util.concurrent.locks.StampedLock",
            "java.util.concurrent.locks.AbstractOwnableSynchronizer",
            "java.util.concurrent.Semaphore",
            "java.util.concurrent.CountDownLatch",
            "java.util.concurrent.Executor",
            "java.lang.Thread",
            "java.util.concurrent.ThreadFactory",
            "java.util.Timer",
            "java.lang.ThreadLocal",
            "java.lang.ClassLoader",
            // Who listens to changes.
            "java.beans.PropertyChangeSupport",
            "java.beans.VetoableChangeSupport",
            // Groovy's methods of the class.
            "groovy.lang.MetaClass");

    private StatelessFields() {}

    /**
     * Adds the fields that the class declares and that are state of its objects.
     *
     * @param code of the objects' class
     */
    static void addState(Class<?> level, CompiledClass code, List<Field> state) {
        for (Field field : level.getDeclaredFields()) {
            if (!isStateless(field, code)) {
                state.add(field);
            }
        }
    }

    private static boolean isStateless(Field field, CompiledClass code) {
        int modifiers = field.getModifiers();
        if (Modifier.isStatic(modifiers) || Modifier.isTransient(modifiers) || field.getType() == Void.class) {
            return true;
        }
        for (String added : ADDED) {
            if (field.getName().startsWith(added)) {
                return true;
            }
        }
        for (String tool : TOOLS) {
            if (MappingRules.implementsNamed(field.getType(), tool)) {
                return true;
            }
        }
        if (field.getDeclaringClass().getName().equals("java.util.Observable")) {
            // Its observers, and whether they are still to be told.
            return true;
        }
        // An inner object may hold the one around it, and a local one variables, and ask neither once it is made.
        return code.isConstant(field)
                || code.isDerived(field)
                || code.isMonitor(field)
                || isCaptured(field) && code.isUnused(field);
    }

    private static boolean isCaptured(Field field) {
        return field.isSynthetic()
                && (field.getName().startsWith("this$") || field.getName().startsWith("val$"));
    }
}

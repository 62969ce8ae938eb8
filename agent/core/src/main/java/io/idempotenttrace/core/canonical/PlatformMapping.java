package io.idempotenttrace.core.canonical;

import io.idempotenttrace.core.classfile.SuperTypes;
import java.net.InetSocketAddress;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of the JDK that are neither text, number nor container, as what makes them equal. Only the JDK's own classes are meant: a
 * subclass may hold more. Those of modules that may be absent are known by name.
 */
final class PlatformMapping {

    private PlatformMapping() {}

    /** The mapping of a class of the JDK; null where there is none here. */
    static @Nullable ValueMapping of(Class<?> type) {
        if (!SuperTypes.isPlatform(type)) {
            return null;
        }
        try {
            ValueMapping mapping = ofBase(type);
            return mapping != null ? mapping : ofOtherModules(type);
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    private static @Nullable ValueMapping ofBase(Class<?> type) throws NoSuchMethodException {
        switch (type.getName()) {
            case "java.math.MathContext", "java.lang.Runtime$Version", "java.nio.file.attribute.FileTime":
                return new ScalarMapping.Text(Object::toString);
            case "java.util.jar.Attributes$Name":
                return new ScalarMapping.Text(name -> name.toString().toLowerCase(java.util.Locale.ROOT));
            case "javax.security.auth.x500.X500Principal":
                return new ScalarMapping.Text(name -> ((javax.security.auth.x500.X500Principal) name)
                        .getName(javax.security.auth.x500.X500Principal.CANONICAL));
            case "java.net.InetSocketAddress":
                return new ScalarMapping.Holder(PlatformMapping::socketAddress);
            case "java.lang.StackTraceElement":
                return members(
                        type,
                        "classLoaderName",
                        "moduleName",
                        "moduleVersion",
                        "className",
                        "methodName",
                        "fileName",
                        "lineNumber");
            case "java.time.temporal.ValueRange":
                return members(type, "minimum", "largestMinimum", "smallestMaximum", "maximum");
            case "java.time.temporal.WeekFields":
                return members(type, "firstDayOfWeek", "minimalDaysInFirstWeek");
            case "java.util.IntSummaryStatistics",
                    "java.util.LongSummaryStatistics",
                    "java.util.DoubleSummaryStatistics":
                return members(type, "count", "sum", "min", "max");
            case "java.util.concurrent.atomic.AtomicMarkableReference":
                return members(type, "reference").with("marked", LibraryMethod.of(type, "isMarked"));
            case "java.util.concurrent.atomic.AtomicStampedReference":
                return members(type, "reference", "stamp");
            default:
                return buffer(type);
        }
    }

    private static @Nullable ValueMapping ofOtherModules(Class<?> type) throws NoSuchMethodException {
        switch (type.getName()) {
            case "javax.xml.namespace.QName", "java.awt.Insets":
                return new ScalarMapping.Text(Object::toString);
            case "javax.management.ObjectName":
                LibraryMethod canonical = LibraryMethod.of(type, "getCanonicalName");
                return new ScalarMapping.Text(name -> (String) canonical.read(name));
            case "javax.management.Attribute":
                return members(type, "name", "value");
            case "java.lang.management.MemoryUsage":
                return members(type, "init", "used", "committed", "max");
            case "java.awt.Point", "java.awt.geom.Point2D$Double", "java.awt.geom.Point2D$Float":
                return members(type, "x", "y");
            case "java.awt.Dimension":
                return members(type, "width", "height");
            case "java.awt.Rectangle", "java.awt.geom.Rectangle2D$Double", "java.awt.geom.Rectangle2D$Float":
                return members(type, "x", "y", "width", "height");
            case "java.awt.Color":
                return members(type, "red", "green", "blue", "alpha");
            case "java.awt.geom.AffineTransform":
                return members(type, "scaleX", "shearY", "shearX", "scaleY", "translateX", "translateY");
            default:
                return null;
        }
    }

    /** By the getters of these properties. */
    private static MembersMapping members(Class<?> type, String... properties) throws NoSuchMethodException {
        MembersMapping members = new MembersMapping();
        for (String property : properties) {
            members.with(
                    property,
                    LibraryMethod.of(type, "get" + Character.toUpperCase(property.charAt(0)) + property.substring(1)));
        }
        return members;
    }

    /** What is between position and limit. */
    private static @Nullable ValueMapping buffer(Class<?> type) {
        if (IntBuffer.class.isAssignableFrom(type)) {
            return new ScalarMapping.Holder(value -> {
                int[] numbers = new int[((IntBuffer) value).remaining()];
                ((IntBuffer) value).duplicate().get(numbers);
                return numbers;
            });
        }
        if (LongBuffer.class.isAssignableFrom(type)) {
            return new ScalarMapping.Holder(value -> {
                long[] numbers = new long[((LongBuffer) value).remaining()];
                ((LongBuffer) value).duplicate().get(numbers);
                return numbers;
            });
        }
        if (DoubleBuffer.class.isAssignableFrom(type)) {
            return new ScalarMapping.Holder(value -> {
                double[] numbers = new double[((DoubleBuffer) value).remaining()];
                ((DoubleBuffer) value).duplicate().get(numbers);
                return numbers;
            });
        }
        if (FloatBuffer.class.isAssignableFrom(type)) {
            return new ScalarMapping.Holder(value -> {
                float[] numbers = new float[((FloatBuffer) value).remaining()];
                ((FloatBuffer) value).duplicate().get(numbers);
                return numbers;
            });
        }
        return !ShortBuffer.class.isAssignableFrom(type)
                ? null
                : new ScalarMapping.Holder(value -> {
                    short[] numbers = new short[((ShortBuffer) value).remaining()];
                    ((ShortBuffer) value).duplicate().get(numbers);
                    return numbers;
                });
    }

    /** By its address where it is resolved, and not by the name, which a look-up may add later. */
    private static Map<String, Object> socketAddress(Object value) {
        InetSocketAddress address = (InetSocketAddress) value;
        Map<String, Object> members = new LinkedHashMap<>();
        if (address.isUnresolved()) {
            members.put("host", address.getHostString());
        } else {
            members.put("address", address.getAddress());
        }
        members.put("port", address.getPort());
        return members;
    }
}

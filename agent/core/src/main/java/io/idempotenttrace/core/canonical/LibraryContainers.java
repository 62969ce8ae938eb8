package io.idempotenttrace.core.canonical;

import java.util.Collection;
import java.util.Map;

/**
 * The collections, maps and texts of libraries that exist to be just that: what their other fields hold (a lock, a comparator, the
 * map that a view looks into, a cached hash) is no payload. A class of the application below one of them is looked at for itself.
 */
public final class LibraryContainers {

    private static final String[] PACKAGES = {
        "com.google.common.collect.",
        "com.google.common.primitives.",
        "org.apache.commons.collections",
        "org.apache.commons.lang3.",
        "org.eclipse.collections.",
        "it.unimi.dsi.fastutil.",
        "org.pcollections.",
        "io.vavr.",
        "scala.",
        "zio.",
        "kotlin.",
        "kotlinx.collections.",
        "groovy.",
        "org.codehaus.groovy.",
        "org.apache.groovy.",
        "org.springframework.util.",
        "org.springframework.messaging.",
        "io.netty.util.",
        "org.apache.avro.",
        "org.apache.thrift.",
        "com.google.protobuf.",
        "org.bson.",
        "com.mongodb.",
        "jakarta.json.",
        "javax.json.",
        "org.eclipse.parsson.",
        "org.glassfish.json.",
        "org.apache.johnzon.",
        "kotlinx.serialization.json.",
        "net.minidev.json.",
        "org.json.simple.",
        "com.alibaba.fastjson",
        "com.google.gson.internal.",
        "org.apache.kafka.common.",
        "software.amazon.awssdk.",
        "org.hibernate.collection.",
        "org.eclipse.persistence.indirection.",
        "org.javamoney.",
        "org.leadpony.",
        "org.jctools.",
        "org.agrona."
    };

    private LibraryContainers() {}

    /** Whether the class is one of a library's collections, maps, entries or texts. */
    public static boolean contains(Class<?> type) {
        boolean container = Map.class.isAssignableFrom(type)
                || Collection.class.isAssignableFrom(type)
                || CharSequence.class.isAssignableFrom(type)
                || Map.Entry.class.isAssignableFrom(type);
        return container && isLibrarys(type);
    }

    /** Whether the class is in a package of one of these libraries. */
    public static boolean isLibrarys(Class<?> type) {
        String name = type.getName();
        for (String start : PACKAGES) {
            if (name.startsWith(start)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the class is in a package of one of these libraries, or is of the family that the known type is of: whoever names its
     * packages alike has made both.
     */
    static boolean isOf(Class<?> known, Class<?> type) {
        String name = known.getName();
        int end = name.indexOf('.', name.indexOf('.') + 1);
        // A company has many products, so its name alone is no family.
        end = end > 0 && name.startsWith("com.") ? name.indexOf('.', end + 1) : end;
        String family = name.substring(0, (end < 0 ? name.lastIndexOf('.') : end) + 1);
        return isLibrarys(type) || type.getName().startsWith(family);
    }
}

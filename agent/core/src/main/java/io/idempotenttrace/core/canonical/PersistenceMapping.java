package io.idempotenttrace.core.canonical;

import io.idempotenttrace.core.classfile.SuperTypes;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What Hibernate and EclipseLink put in the place of entities and their collections: the content where it is loaded. Where it is not,
 * hashing would load it from the database, in the middle of a transaction or outside of any: it is refused.
 */
final class PersistenceMapping {

    private static final String HIBERNATE_PROXY = "org.hibernate.proxy.HibernateProxy";
    private static final String LAZY_INITIALIZER = "org.hibernate.proxy.LazyInitializer";

    private PersistenceMapping() {}

    static ValueMapping of(Class<?> known, Class<?> type) throws NoSuchMethodException {
        return switch (known.getName()) {
            case HIBERNATE_PROXY -> proxy(LibraryMethod.of(known, "getHibernateLazyInitializer"));
            case "org.hibernate.collection.spi.PersistentCollection" ->
                collection(LibraryMethod.of(known, "wasInitialized"), type);
            case "org.hibernate.engine.spi.PersistentAttributeInterceptable" ->
                entity(LibraryMethod.of(known, "$$_hibernate_getInterceptor"), type);
            case "org.eclipse.persistence.indirection.IndirectContainer" ->
                collection(LibraryMethod.of(known, "isInstantiated"), type);
            case "org.eclipse.persistence.internal.weaving.PersistenceWeaved" ->
                BeanMapping.ofWoven(type, WovenAttributes.of(type));
            default -> valueHolder(LibraryMethod.of(known, "isInstantiated"), LibraryMethod.of(known, "getValue"));
        };
    }

    private static ValueMapping proxy(LibraryMethod initializer) {
        return new ScalarMapping.Holder(proxy -> {
            Object lazy = initializer.read(proxy);
            if (isUninitialized(lazy)) {
                throw notLoaded(proxy, "a Hibernate proxy", "pass the entity's id, load it before");
            }
            return implementation(lazy);
        });
    }

    /** The entity for which a Hibernate proxy stands, if it is loaded; any other value itself. */
    static Object ofProxy(Object value) {
        if (SuperTypes.isPlatform(value.getClass())
                || !MappingRules.implementsNamed(value.getClass(), HIBERNATE_PROXY)) {
            return value;
        }
        Object lazy = LibraryMethods.of(value, HIBERNATE_PROXY, "getHibernateLazyInitializer")
                .read(value);
        return isUninitialized(lazy) ? value : implementation(lazy);
    }

    private static boolean isUninitialized(Object lazy) {
        return (Boolean)
                LibraryMethods.of(lazy, LAZY_INITIALIZER, "isUninitialized").read(lazy);
    }

    private static Object implementation(Object lazy) {
        return LibraryMethods.of(lazy, LAZY_INITIALIZER, "getImplementation").read(lazy);
    }

    private static ValueMapping collection(LibraryMethod isLoaded, Class<?> type) {
        ValueMapping plain = Map.class.isAssignableFrom(type)
                ? ContainerMapping.MAP
                : Set.class.isAssignableFrom(type)
                        ? ContainerMapping.SET
                        : Collection.class.isAssignableFrom(type) ? ContainerMapping.ITERABLE : null;
        if (plain == null) {
            return new RefusedMapping(type.getName()
                    + " is a lazy collection that is no Java collection; copy it into a list, exclude the"
                    + " field, or mark the parameter @Unhashed");
        }
        return new IfLoaded(plain, value -> {
            if (!isLoaded.isTrue(value)) {
                throw notLoaded(value, "a lazy collection", "load it before, exclude the field");
            }
        });
    }

    /** An entity whose class Hibernate has enhanced: its getters load what is lazy. */
    private static ValueMapping entity(LibraryMethod interceptor, Class<?> type) {
        return new IfLoaded(BeanMapping.of(type), entity -> {
            Object found = interceptor.read(entity);
            String lazy = "org.hibernate.bytecode.enhance.spi.interceptor.BytecodeLazyAttributeInterceptor";
            if (found != null
                    && MappingRules.implementsNamed(found.getClass(), lazy)
                    && (Boolean) LibraryMethods.of(found, lazy, "hasAnyUninitializedAttributes")
                            .read(found)) {
                throw notLoaded(entity, "an entity with lazy attributes", "load them before, pass its id");
            }
        });
    }

    private static ValueMapping valueHolder(LibraryMethod isLoaded, LibraryMethod value) {
        return new ScalarMapping.Holder(holder -> {
            if (!isLoaded.isTrue(holder)) {
                throw notLoaded(holder, "a lazy value", "load it before, exclude the field");
            }
            return value.read(holder);
        });
    }

    /** An entity whose class EclipseLink has woven: its getter would load the attribute. */
    static UnhashableException attributeNotLoaded(Object entity, String pointer, String attribute) {
        String what = "an entity with a lazy attribute '" + attribute + "'";
        return new UnhashableException(pointer, reason(entity, what, "load it before, exclude the field"), null);
    }

    private static UnhashableException notLoaded(Object value, String what, String instead) {
        return new UnhashableException("", reason(value, what, instead), null);
    }

    private static String reason(Object value, String what, String instead) {
        return value.getClass().getName() + " is " + what + " that is not loaded, which hashing would load from"
                + " the database; " + instead + ", or mark the parameter @Unhashed";
    }

    /** Another mapping, once a check lets the value through. */
    private static final class IfLoaded extends ValueMapping {

        private final ValueMapping mapping;
        private final Consumer<Object> check;

        IfLoaded(ValueMapping mapping, Consumer<Object> check) {
            this.mapping = mapping;
            this.check = check;
        }

        @Override
        ValueMapping ofValue(Object value) {
            check.accept(value);
            return mapping.ofValue(value);
        }

        @Override
        boolean isObject(Object value) {
            return mapping.isObject(value);
        }

        @Override
        List<String> childNames(Object value) {
            check.accept(value);
            return mapping.childNames(value);
        }

        @Override
        void write(CanonicalWriter writer, Object value) {
            check.accept(value);
            mapping.write(writer, value);
        }

        @Override
        @Nullable
        Object child(Object value, String segment) {
            check.accept(value);
            return mapping.child(value, segment);
        }

        @Override
        boolean hasChild(Object value, String segment) {
            check.accept(value);
            return mapping.hasChild(value, segment);
        }
    }
}

package io.idempotenttrace.payloads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.canonical.UnhashableException;
import io.idempotenttrace.core.canonical.UnseenFieldPolicies;
import io.idempotenttrace.core.canonical.UnseenFieldPolicy;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.eclipse.persistence.jpa.PersistenceProvider;
import org.eclipse.persistence.tools.weaving.jpa.StaticWeaveProcessor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entities whose classes EclipseLink has woven: hashed where they are loaded, refused where a getter would load them. */
class EclipseLinkPayloadsTest {

    private static final PayloadHasher HASHER = new PayloadHasher(CanonicalForm.PYTHON);
    private static final String XML = """
            <persistence xmlns="https://jakarta.ee/xml/ns/persistence" version="3.0">
              <persistence-unit name="woven" transaction-type="RESOURCE_LOCAL">
                <provider>org.eclipse.persistence.jpa.PersistenceProvider</provider>
                <class>%1$s$Customer</class>
                <class>%1$s$Order</class>
                <class>%1$s$PropertyOrder</class>
                <class>%1$s$FieldOrder</class>
                <class>%1$s$HiddenOrder</class>
                <exclude-unlisted-classes>true</exclude-unlisted-classes>
                <properties>
                  <property name="jakarta.persistence.jdbc.url" value="jdbc:h2:mem:woven;DB_CLOSE_DELAY=-1"/>
                  <property name="jakarta.persistence.jdbc.driver" value="org.h2.Driver"/>
                  <property name="eclipselink.weaving" value="static"/>
                  <property name="eclipselink.logging.level" value="OFF"/>
                </properties>
              </persistence-unit>
            </persistence>
            """;

    private static URLClassLoader loader;

    @BeforeAll
    static void weaveAndStore(@TempDir Path plain, @TempDir Path woven) throws Exception {
        for (Class<?> entity : List.of(
                WovenEntities.class,
                WovenEntities.Customer.class,
                WovenEntities.Order.class,
                WovenEntities.PropertyOrder.class,
                WovenEntities.FieldOrder.class,
                WovenEntities.HiddenOrder.class)) {
            copy(entity, plain);
        }
        Files.createDirectories(plain.resolve("META-INF"));
        Files.writeString(plain.resolve("META-INF/persistence.xml"), XML.formatted(WovenEntities.class.getName()));
        try (URLClassLoader unwoven = childFirst(plain)) {
            StaticWeaveProcessor processor = new StaticWeaveProcessor(plain.toFile(), woven.toFile());
            processor.setClassLoader(unwoven);
            processor.setPersistenceInfo(plain.toFile());
            processor.setLog(new StringWriter());
            processor.performWeaving();
        }
        loader = childFirst(woven);
        try (EntityManagerFactory stores = connect("stores", "create-tables");
                EntityManager entities = stores.createEntityManager()) {
            entities.getTransaction().begin();
            entities.persist(fresh("Order"));
            entities.persist(fresh("PropertyOrder"));
            entities.persist(fresh("FieldOrder"));
            entities.persist(fresh("HiddenOrder"));
            entities.getTransaction().commit();
        }
    }

    private static EntityManagerFactory connect(String session, String tables) {
        return new PersistenceProvider()
                .createEntityManagerFactory(
                        "woven",
                        Map.of(
                                "eclipselink.classloader",
                                loader,
                                "eclipselink.session-name",
                                session,
                                "eclipselink.ddl-generation",
                                tables));
    }

    private static void copy(Class<?> type, Path folder) throws IOException {
        String file = type.getName().replace('.', '/') + ".class";
        Files.createDirectories(Objects.requireNonNull(folder.resolve(file).getParent()));
        try (InputStream in = type.getClassLoader().getResourceAsStream(file)) {
            Files.copy(Objects.requireNonNull(in), folder.resolve(file));
        }
    }

    private static URLClassLoader childFirst(Path folder) throws IOException {
        URL[] urls = {folder.toUri().toURL()};
        return new URLClassLoader(urls, EclipseLinkPayloadsTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                synchronized (getClassLoadingLock(name)) {
                    Class<?> known = findLoadedClass(name);
                    boolean entity = name.startsWith(WovenEntities.class.getName());
                    return known != null ? known : entity ? findClass(name) : super.loadClass(name, resolve);
                }
            }

            @Override
            public URL getResource(String name) {
                URL own = findResource(name);
                return own != null ? own : super.getResource(name);
            }
        };
    }

    private static Class<?> type(String simpleName) throws ClassNotFoundException {
        return loader.loadClass(WovenEntities.class.getName() + '$' + simpleName);
    }

    private static Object fresh(String simpleName) throws ReflectiveOperationException {
        return ((Supplier<?>) type(simpleName).getConstructor().newInstance()).get();
    }

    @AfterAll
    static void stop() throws IOException {
        loader.close();
    }

    private static Object found(EntityManager entities, String simpleName, String id) throws ClassNotFoundException {
        return entities.find(type(simpleName), id);
    }

    private static boolean isLoaded(EntityManagerFactory factory, Object entity, String attribute) {
        return factory.getPersistenceUnitUtil().isLoaded(entity, attribute);
    }

    @Test
    void whatIsLoadedIsItsContent() throws Exception {
        // A session of its own, which has no entity in its cache.
        try (EntityManagerFactory factory = connect("loaded", "none");
                EntityManager entities = factory.createEntityManager()) {
            Object order = found(entities, "Order", "o1");
            ((Runnable) order).run();
            Payload.of(order)
                    .is("{\"buyer\":{\"id\":\"c1\"},\"id\":\"o1\",\"note\":\"n\",\"summary\":\"o1: n\"}")
                    .equalTo(fresh("Order"))
                    .equalTo(new WovenEntities.Order().get());
            Object byGetters = found(entities, "PropertyOrder", "p1");
            ((Runnable) byGetters).run();
            Payload.of(byGetters)
                    .is("{\"buyer\":{\"id\":\"c2\"},\"id\":\"p1\",\"note\":\"n\"}")
                    .equalTo(fresh("PropertyOrder"));
        }
    }

    @Test
    void whatIsNotLoadedIsRefusedAndStaysSo() throws Exception {
        refuses("Order", "o1");
        refuses("PropertyOrder", "p1");
    }

    private static void refuses(String entity, String id) throws ClassNotFoundException {
        // A session of its own, which has no entity in its cache.
        try (EntityManagerFactory factory = connect("refused " + entity, "none");
                EntityManager entities = factory.createEntityManager()) {
            Object order = found(entities, entity, id);
            Payload.of(order).at("/id", id).isRefused("an entity with a lazy attribute 'buyer' that is not loaded");
            UnhashableException refused =
                    assertThrows(UnhashableException.class, () -> json(order, "/buyer", "/summary"));
            assertEquals("/note", refused.pointer());
            assertThrows(UnhashableException.class, () -> Payload.of(order).at("/note", "n"));
            assertFalse(isLoaded(factory, order, "buyer"));
            assertFalse(isLoaded(factory, order, "note"));
        }
    }

    @Test
    void aFieldThatIsReadAsItIsIsRefusedUntilItIsLoaded() throws Exception {
        // A session of its own, which has no entity in its cache.
        try (EntityManagerFactory factory = connect("fields", "none");
                EntityManager entities = factory.createEntityManager()) {
            Object order = found(entities, "FieldOrder", "f1");
            Payload.of(order).at("/id", "f1").isRefused("an entity with a lazy attribute 'buyer' that is not loaded");
            UnhashableException refused = assertThrows(UnhashableException.class, () -> json(order, "/buyer"));
            assertEquals("/note", refused.pointer());
            assertFalse(isLoaded(factory, order, "buyer") || isLoaded(factory, order, "note"));
            ((Runnable) order).run();
            Payload.of(order)
                    .is("{\"buyer\":{\"id\":\"c3\"},\"id\":\"f1\",\"note\":\"n\"}")
                    .equalTo(fresh("FieldOrder"));
        }
    }

    @Test
    void aFieldOfARelationThatAQueryFetchesHasItsContentOrIsRefused() throws Exception {
        // A session of its own, which has no entity in its cache.
        try (EntityManagerFactory factory = connect("fetched", "none");
                EntityManager entities = factory.createEntityManager()) {
            Object order = entities.createQuery("select o from ElFieldOrder o join fetch o.buyer", type("FieldOrder"))
                    .getSingleResult();
            assertEquals("{\"buyer\":{\"id\":\"c3\"},\"id\":\"f1\"}", json(order, "/note"));
        }
    }

    @Test
    void aFieldThatNothingShowsIsRefusedUntilItIsLoaded() throws Exception {
        // A session of its own, which has no entity in its cache.
        try (EntityManagerFactory factory = connect("hidden", "none");
                EntityManager entities = factory.createEntityManager()) {
            Object order = found(entities, "HiddenOrder", "h1");
            UnhashableException refused = assertThrows(UnhashableException.class, () -> withFields(order));
            assertEquals("/buyer", refused.pointer());
            assertFalse(isLoaded(factory, order, "buyer"));
            ((Runnable) order).run();
            assertEquals("{\"buyer\":{\"id\":\"c4\"},\"id\":\"h1\"}", withFields(order));
        }
    }

    private static String withFields(Object value) {
        UnseenFieldPolicies hashed = new UnseenFieldPolicies(UnseenFieldPolicy.HASH, Map.of());
        return new String(HASHER.with(hashed).canonical(value, Exclusions.NONE), StandardCharsets.US_ASCII);
    }

    @Test
    void whatIsLeftOutIsNeitherRefusedNorLoaded() throws Exception {
        // A session of its own, which has no entity in its cache.
        try (EntityManagerFactory factory = connect("leftOut", "none");
                EntityManager entities = factory.createEntityManager()) {
            Object order = found(entities, "Order", "o1");
            assertEquals("{\"id\":\"o1\"}", json(order, "/buyer", "/note", "/summary"));
            Object byGetters = found(entities, "PropertyOrder", "p1");
            assertEquals("{\"id\":\"p1\"}", json(byGetters, "/buyer", "/note"));
            assertFalse(isLoaded(factory, order, "buyer") || isLoaded(factory, order, "note"));
            assertFalse(isLoaded(factory, byGetters, "buyer") || isLoaded(factory, byGetters, "note"));
        }
    }

    @Test
    void aGetterThatReadsAnAttributeOfAnotherNameIsAskedOnlyWhereThatIsLoaded() throws Exception {
        // A session of its own, which has no entity in its cache.
        try (EntityManagerFactory factory = connect("otherName", "none");
                EntityManager entities = factory.createEntityManager()) {
            Object order = found(entities, "Order", "o1");
            UnhashableException refused = assertThrows(UnhashableException.class, () -> json(order, "/buyer", "/note"));
            assertEquals("/summary", refused.pointer());
            assertTrue(refused.getMessage().contains("'note'"), refused.getMessage());
            assertFalse(isLoaded(factory, order, "note"));
        }
    }

    private static String json(Object value, String... leftOut) {
        return new String(HASHER.canonical(value, Exclusions.parse(leftOut)), StandardCharsets.US_ASCII);
    }
}

package io.idempotenttrace.payloads;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import jakarta.persistence.CascadeType;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.persistence.indirection.IndirectList;
import org.hibernate.Hibernate;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.collection.spi.PersistentBag;
import org.hibernate.collection.spi.PersistentMap;
import org.hibernate.collection.spi.PersistentSet;
import org.hibernate.engine.spi.PersistentAttributeInterceptable;
import org.hibernate.engine.spi.PersistentAttributeInterceptor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Entities and collections from a real session: hashed where they are loaded, refused where hashing would load them. */
class HibernatePayloadsTest {

    @Entity(name = "Customer")
    static class Customer {

        @Id
        private long id;

        private String name;

        protected Customer() {}

        Customer(long id, String name) {
            this.id = id;
            this.name = name;
        }

        public long getId() {
            return id;
        }

        public String getName() {
            return name;
        }
    }

    @Entity(name = "Purchase")
    static class Purchase {

        @Id
        private long id;

        @ManyToOne(fetch = FetchType.LAZY, cascade = CascadeType.ALL)
        private Customer customer;

        @ElementCollection
        private List<String> lines = new ArrayList<>();

        @ElementCollection
        private Set<String> marks = new HashSet<>();

        @ElementCollection
        private Map<String, Integer> counts = new HashMap<>();

        public long getId() {
            return id;
        }

        public Customer getCustomer() {
            return customer;
        }

        public List<String> getLines() {
            return lines;
        }

        public Set<String> getMarks() {
            return marks;
        }

        public Map<String, Integer> getCounts() {
            return counts;
        }
    }

    private static SessionFactory factory;

    @BeforeAll
    static void start() {
        factory = new Configuration()
                .addAnnotatedClass(Customer.class)
                .addAnnotatedClass(Purchase.class)
                .setProperty("hibernate.connection.url", "jdbc:h2:mem:payloads")
                .setProperty("hibernate.hbm2ddl.auto", "create")
                .buildSessionFactory();
        factory.inTransaction(session -> {
            Purchase purchase = new Purchase();
            purchase.id = 1;
            purchase.customer = new Customer(7, "Ann");
            purchase.lines.add("a");
            purchase.marks.addAll(Set.of("n", "m"));
            purchase.counts.put("x", 3);
            session.persist(purchase);
        });
    }

    @AfterAll
    static void stop() {
        factory.close();
    }

    @Test
    void whatIsLoadedIsItsContent() {
        try (Session session = factory.openSession()) {
            Purchase purchase = session.find(Purchase.class, 1L);
            Hibernate.initialize(purchase.getCustomer());
            Hibernate.initialize(purchase.getLines());
            Hibernate.initialize(purchase.getMarks());
            Hibernate.initialize(purchase.getCounts());
            Payload.of(purchase.getCustomer())
                    .is("{\"id\":7,\"name\":\"Ann\"}")
                    .equalTo(new Customer(7, "Ann"))
                    .differsFrom(new Customer(7, "Bob"))
                    .at("/name", "Ann");
            Payload.of(purchase)
                    .is("{\"counts\":{\"x\":3},\"customer\":{\"id\":7,\"name\":\"Ann\"},\"id\":1,\"lines\":[\"a\"],"
                            + "\"marks\":[\"m\",\"n\"]}")
                    .at("/customer/name", "Ann")
                    .at("/lines/0", "a")
                    .at("/counts/x", "3");
        }
    }

    /** As Hibernate's enhancement makes it of an entity. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonTypeName("approve")
    static final class Enhanced implements PersistentAttributeInterceptable {

        public String getOrder() {
            return "o1";
        }

        @Override
        public PersistentAttributeInterceptor $$_hibernate_getInterceptor() {
            return null;
        }

        @Override
        public void $$_hibernate_setInterceptor(PersistentAttributeInterceptor interceptor) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void anEnhancedEntityHasTheIdOfItsTypeAsAMember() {
        Payload.of(new Enhanced())
                .is("{\"@type\":\"approve\",\"order\":\"o1\"}")
                .at("/@type", "approve")
                .at("/order", "o1");
    }

    record Typed(
            @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME) Object value) {}

    record Beside(
            @JsonTypeInfo(
                    use = JsonTypeInfo.Id.SIMPLE_NAME,
                    include = JsonTypeInfo.As.EXTERNAL_PROPERTY,
                    property = "t")
            Object value) {}

    record TypedCollections(
            @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME) Collection<Customer> all,

            @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME) Map<String, Customer> byName) {}

    @Test
    void theElementsOfALazyCollectionHaveTheirTypes() {
        Customer ann = new Customer(7, "Ann");
        String written = "{\"@type\":\"Customer\",\"id\":7,\"name\":\"Ann\"}";
        try (Session opened = factory.openSession()) {
            SharedSessionContractImplementor session = opened.unwrap(SharedSessionContractImplementor.class);
            Map<String, Customer> byName = new PersistentMap<>(session, Map.of("a", ann));
            for (Collection<Customer> all : List.of(
                    new PersistentBag<>(session, List.of(ann)),
                    new PersistentSet<>(session, Set.of(ann)),
                    new IndirectList<>(List.of(ann)),
                    List.of(ann))) {
                Payload.of(new TypedCollections(all, byName))
                        .is("{\"all\":[" + written + "],\"byName\":{\"a\":" + written + "}}");
            }
            Payload.of(new TypedCollections(new PersistentBag<>(session), byName))
                    .isRefused("at '/all'");
        }
    }

    @Test
    void aProxyHasTheTypeOfWhatItStandsFor() {
        try (Session session = factory.openSession()) {
            Customer customer = session.find(Purchase.class, 1L).getCustomer();
            Payload.of(new Typed(customer)).isRefused("a Hibernate proxy that is not loaded");
            Hibernate.initialize(customer);
            Payload.of(new Typed(customer)).equalTo(new Typed(new Customer(7, "Ann")));
            Payload.of(new Beside(customer)).equalTo(new Beside(new Customer(7, "Ann")));
            Payload.of(new TypedCollections(List.of(customer), Map.of("a", customer)))
                    .equalTo(new TypedCollections(List.of(new Customer(7, "Ann")), Map.of("a", customer)))
                    .at("/all/0/@type", "Customer");
        }
    }

    @Test
    void whatIsNotLoadedIsRefusedAndStaysSo() {
        try (Session session = factory.openSession()) {
            Purchase purchase = session.find(Purchase.class, 1L);
            Payload.of(purchase).isRefused("that is not loaded");
            Payload.of(purchase.getCustomer()).isRefused("a Hibernate proxy that is not loaded");
            Payload.of(purchase.getLines()).isRefused("a lazy collection that is not loaded");
            assertFalse(Hibernate.isInitialized(purchase.getCustomer()));
            assertFalse(Hibernate.isInitialized(purchase.getLines()));
            assertFalse(Hibernate.isInitialized(purchase.getMarks()));
            assertFalse(Hibernate.isInitialized(purchase.getCounts()));
        }
    }
}

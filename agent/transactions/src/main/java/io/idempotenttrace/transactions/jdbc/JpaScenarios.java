package io.idempotenttrace.transactions.jdbc;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.Unhashed;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityTransaction;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;

/**
 * Delivers messages to guarded methods that work on an entity manager whose transactions the application begins and ends itself. Its inserts are
 * sent at the commit. Each line on stdout is a scenario: what its deliveries got, and the rows at the end.
 */
public final class JpaScenarios {

    /** A row. */
    @Entity(name = "Span")
    @Table(name = "span")
    public static class Span {

        @Id
        private String id;

        protected Span() {}

        Span(String id) {
            this.id = id;
        }
    }

    /** What a guarded method does. */
    private interface Work {

        void on(EntityManager entities, String key);
    }

    private final SessionFactory factory;
    private int bodies;

    private JpaScenarios(SessionFactory factory) {
        this.factory = factory;
    }

    public static void main(String[] arguments) {
        Configuration configuration = new Configuration()
                .addAnnotatedClass(Span.class)
                .setProperty("hibernate.connection.url", "jdbc:h2:mem:spans;DB_CLOSE_DELAY=-1")
                .setProperty("hibernate.hbm2ddl.auto", "create");
        try (SessionFactory factory = configuration.buildSessionFactory()) {
            JpaScenarios scenarios = new JpaScenarios(factory);
            scenarios.run("persisted", (entities, key) -> entities.persist(new Span(key)));
            scenarios.run("merged", (entities, key) -> entities.merge(new Span(key)));
            scenarios.run("sent by the body", (entities, key) -> {
                entities.persist(new Span(key));
                entities.flush();
            });
        }
    }

    @IdempotentTrace
    private String emit(@Unhashed EntityManager entities, @Unhashed Work work, @IdempotencyKey String key) {
        work.on(entities, key);
        return "body-" + ++bodies;
    }

    private void run(String name, Work work) {
        StringBuilder line = new StringBuilder(name + ", rolled back:");
        for (boolean commits : List.of(false, true, true)) {
            deliver(line, work, name, commits);
        }
        System.out.println(line + ", rows=" + rows(name));
    }

    private void deliver(StringBuilder line, Work work, String key, boolean commits) {
        try (EntityManager entities = factory.createEntityManager()) {
            EntityTransaction transaction = entities.getTransaction();
            transaction.begin();
            int before = bodies;
            emit(entities, work, key);
            line.append(bodies > before ? " ran" : " duplicate");
            if (commits) {
                transaction.commit();
            } else {
                transaction.rollback();
            }
        }
    }

    private long rows(String key) {
        try (EntityManager entities = factory.createEntityManager()) {
            return entities.createQuery("select count(s) from Span s where s.id = :id", Long.class)
                    .setParameter("id", key)
                    .getSingleResult();
        }
    }
}

package io.idempotenttrace.transactions;

import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.TraceInProgressException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Delivers messages to guarded methods in Spring's transactions. Each line on stdout is a scenario: what its deliveries got, in their
 * order, and the rows that its key has at the end.
 */
public final class SpringScenarios {

    /** The application; the system property {@code database} names its database. */
    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement(proxyTargetClass = true)
    static class Beans {

        @Bean
        CommitFailures dataSource() {
            String url = System.getProperty("database");
            return new CommitFailures(new DriverManagerDataSource(url), url.startsWith("jdbc:postgresql:"));
        }

        @Bean
        PlatformTransactionManager transactionManager(DataSource dataSource) {
            return new DataSourceTransactionManager(dataSource);
        }

        @Bean
        Spans spans(DataSource dataSource) {
            return new Spans(dataSource);
        }

        @Bean
        Emitter emitter(Spans spans) {
            return new Emitter(spans);
        }
    }

    private final CommitFailures commits;
    private final Spans spans;
    private final Emitter emitter;
    private final PlatformTransactionManager manager;
    private final TransactionTemplate transaction;
    private final ExecutorService others = Executors.newCachedThreadPool();
    private String scenario;
    private StringBuilder line;

    private SpringScenarios(AnnotationConfigApplicationContext context) {
        commits = context.getBean(CommitFailures.class);
        spans = context.getBean(Spans.class);
        emitter = context.getBean(Emitter.class);
        manager = context.getBean(PlatformTransactionManager.class);
        transaction = new TransactionTemplate(manager);
    }

    public static void main(String[] arguments) throws Exception {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Beans.class)) {
            SpringScenarios scenarios = new SpringScenarios(context);
            scenarios.run();
            scenarios.others.shutdownNow();
        }
    }

    private void run() throws Exception {
        scenario("on the method", key -> {
            for (int i = 0; i < 3; i++) {
                deliver(() -> emitter.transactional(key));
            }
        });
        scenario("on the method, the commit fails", key -> {
            commits.failNext();
            for (int i = 0; i < 3; i++) {
                deliver(() -> emitter.transactional(key));
            }
        });
        scenario("inside an outer one, which fails later", key -> {
            for (int i = 0; i < 3; i++) {
                boolean fails = i == 0;
                deliver(() -> transaction.execute(status -> {
                    String returned = emitter.plain(key, "p");
                    if (fails) {
                        throw new IllegalStateException("later");
                    }
                    return returned;
                }));
            }
        });
        scenario("marked for rollback", key -> {
            for (int i = 0; i < 3; i++) {
                boolean marked = i == 0;
                deliver(() -> transaction.execute(status -> {
                    if (marked) {
                        status.setRollbackOnly();
                    }
                    return emitter.plain(key, "p");
                }));
            }
        });
        scenario("guard outside, the commit fails", key -> {
            OuterGuard outer = new OuterGuard(transaction, spans);
            commits.failNext();
            for (int i = 0; i < 3; i++) {
                deliver(() -> outer.emit(key));
            }
        });
        scenario("requires new, the outer one fails", key -> {
            for (int i = 0; i < 3; i++) {
                boolean fails = i == 0;
                deliver(() -> transaction.execute(status -> {
                    String returned = emitter.requiresNew(key);
                    if (fails) {
                        throw new IllegalStateException("later");
                    }
                    return returned;
                }));
            }
        });
        scenario("nested, and fails", key -> {
            for (int i = 0; i < 3; i++) {
                boolean fails = i == 0;
                deliver(() -> transaction.execute(status -> {
                    try {
                        return emitter.nested(key, fails);
                    } catch (IllegalStateException e) {
                        return "caught";
                    }
                }));
            }
        });
        scenario("inside a nested one, which fails later", key -> {
            TransactionTemplate nested = nested();
            for (int i = 0; i < 3; i++) {
                boolean fails = i == 0;
                deliver(() -> transaction.execute(status -> {
                    try {
                        return nested.execute(inner -> {
                            String returned = emitter.plain(key, "p");
                            if (fails) {
                                throw new IllegalStateException("later");
                            }
                            return returned;
                        });
                    } catch (IllegalStateException e) {
                        return "caught";
                    }
                }));
            }
        });
        scenario("before a nested one, which fails", key -> {
            TransactionTemplate nested = nested();
            for (int i = 0; i < 3; i++) {
                deliver(() -> transaction.execute(status -> {
                    String returned = emitter.plain(key, "p");
                    try {
                        nested.executeWithoutResult(inner -> {
                            throw new IllegalStateException("another's");
                        });
                    } catch (IllegalStateException e) {
                        // The outer one goes on.
                    }
                    return returned;
                }));
            }
        });
        scenario(
                "twice in one",
                key -> deliver(
                        () -> transaction.execute(status -> emitter.plain(key, "p") + " " + emitter.plain(key, "p"))));
        scenario(
                "twice in one, with another payload",
                key -> deliver(() -> transaction.execute(status -> {
                    emitter.plain(key, "p");
                    return emitter.plain(key, "q");
                })));
        scenario(
                "in a suspended one and in the inner one",
                key -> deliver(() -> transaction.execute(status -> {
                    emitter.plain(key, "p");
                    return requiresNew().execute(inner -> emitter.plain(key, "p"));
                })));
        scenario("in one after the other", key -> {
            deliver(() -> transaction.execute(
                    status -> emitter.plain(key, "p") + requiresNew().execute(inner -> "")));
            deliver(() -> emitter.plain(key, "p"));
        });
        scenario("read only", key -> {
            deliver(() -> emitter.readOnly(key));
            deliver(() -> emitter.readOnly(key));
        });
        scenario("after the commit of another", key -> {
            for (int i = 0; i < 2; i++) {
                deliver(() -> transaction.execute(status -> {
                    TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                        @Override
                        public void afterCommit() {
                            deliver(() -> emitter.plain(key + "-1", "p"));
                        }

                        @Override
                        public void afterCompletion(int outcome) {
                            deliver(() -> emitter.requiresNew(key));
                        }
                    });
                    return "outer";
                }));
            }
        });
        scenario("another thread, the first commits", key -> anotherThread(key, /* commits= */ true));
        scenario("another thread, the first rolls back", key -> anotherThread(key, /* commits= */ false));
        scenario("a future, the transaction ends first", key -> {
            CompletableFuture<String> end = new CompletableFuture<>();
            transaction.execute(status -> emitter.future(key, end));
            Future<CompletableFuture<String>> second =
                    others.submit(() -> emitter.future(key, new CompletableFuture<>()));
            end.complete("late");
            line.append(" ").append(second.get().get());
        });
        scenario("a future, the transaction rolls back", key -> {
            CompletableFuture<String> end = new CompletableFuture<>();
            deliver(() -> transaction.execute(status -> {
                status.setRollbackOnly();
                CompletableFuture<String> returned = emitter.future(key, end);
                end.complete("first");
                return returned.join();
            }));
            deliver(() -> emitter.future(key, CompletableFuture.completedFuture("second"))
                    .join());
            deliver(() -> emitter.future(key, new CompletableFuture<>()).join());
        });
        scenario("synchronizations cleared by the application", key -> {
            TransactionSynchronizationManager.initSynchronization();
            TransactionSynchronizationManager.setActualTransactionActive(true);
            deliver(() -> emitter.plain(key, "p"));
            TransactionSynchronizationManager.clear();
            TransactionSynchronizationManager.unbindResource(commits);
            untilAnswered(key);
        });
        scenario("ignored, the commit fails", key -> {
            commits.failNext();
            deliver(() -> emitter.ignoring(key));
            deliver(() -> emitter.ignoring(key));
        });
        int before = emitter.bodies();
        transaction.executeWithoutResult(status -> {
            for (int i = 0; i < 10_000; i++) {
                emitter.plain("many-" + i, "p");
            }
        });
        System.out.println("many in one: " + (emitter.bodies() - before) + " bodies, then "
                + (emitter.plain("many-9999", "p").equals("body-" + emitter.bodies()) ? "a duplicate" : "another"));
    }

    private TransactionTemplate nested() {
        TransactionTemplate nested = new TransactionTemplate(manager);
        nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        return nested;
    }

    private TransactionTemplate requiresNew() {
        TransactionTemplate inner = new TransactionTemplate(manager);
        inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        return inner;
    }

    /** A delivery to another thread, while the transaction of the first one is open, waits for its end. */
    private void anotherThread(String key, boolean commits) throws Exception {
        Future<String> second = transaction.execute(status -> {
            emitter.plain(key, "p");
            Future<String> waiting = others.submit(() -> emitter.plain(key, "p"));
            if (!commits) {
                status.setRollbackOnly();
            }
            try {
                waiting.get(200, TimeUnit.MILLISECONDS);
                line.append(" did not wait,");
            } catch (TimeoutException e) {
                // As it should.
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return waiting;
        });
        line.append(" ").append(second.get().equals("body-" + emitter.bodies()) && !commits ? "ran" : "duplicate");
    }

    /** The first body's transaction was forgotten: its key is free when the collector has noticed that. */
    private void untilAnswered(String key) {
        while (true) {
            System.gc();
            int before = emitter.bodies();
            try {
                emitter.plain(key, "p");
                line.append(emitter.bodies() > before ? " ran" : " duplicate");
                return;
            } catch (TraceInProgressException e) {
                // Not noticed yet.
            }
        }
    }

    /** What a delivery got. */
    private void deliver(Callable<String> call) {
        int before = emitter.bodies();
        try {
            String returned = call.call();
            line.append(emitter.bodies() > before ? " ran" : " duplicate");
            if (returned.indexOf(' ') > 0 && returned.startsWith("body-") && !returned.contains(" of ")) {
                String[] two = returned.split(" ");
                line.append(two[0].equals(two[1]) ? " and the same" : " and another");
            }
        } catch (TraceInProgressException e) {
            line.append(" in-progress");
        } catch (TraceConflictException e) {
            line.append(" conflict");
        } catch (Exception e) {
            line.append(" failed");
        }
    }

    /** Its deliveries share a key. */
    @FunctionalInterface
    private interface Scenario {

        void run(String key) throws Exception;
    }

    private void scenario(String name, Scenario steps) throws Exception {
        scenario = name;
        line = new StringBuilder();
        steps.run(scenario);
        System.out.println(scenario + ":" + line + ", rows=" + spans.count(scenario));
    }
}

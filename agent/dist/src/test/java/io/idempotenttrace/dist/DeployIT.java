package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A rolling deploy: the version of before and the new one run at once on one Redis. Each processes a half of the messages, and then gets all
 * of them, those of the other one included: no body runs again, and no redelivery is a conflict.
 */
class DeployIT {

    private static final int MESSAGES = 20;

    /** What is between the marks is there in one version alone; METHOD is the name of a method. */
    private static final String WORKER = """
            import io.idempotenttrace.*;
            import java.nio.file.*;

            public class Worker {

                public static class Plain {
                    public String id;
                    public String comment;
                }

                public static class Order {
                    public String id;
                    public int amount;
                    public String comment;
                    NEWMEMBER
                }

                @IdempotentTrace(scope = "settingalone")
                static void settingAlone(@IdempotencyKey("/id") Plain plain) {
                    System.out.println("ran settingalone " + plain.id);
                }

                @IdempotentTrace(scope = "classalone")
                static void classAlone(@IdempotencyKey("/id") Order order) {
                    System.out.println("ran classalone " + order.id);
                }

                @IdempotentTrace(scope = "both")
                static void both(@IdempotencyKey("/id") Order order) {
                    System.out.println("ran both " + order.id);
                }

                @IdempotentTrace(include = {"/id", "/amount"}, scope = "include")
                static void included(@IdempotencyKey("/id") Order order) {
                    System.out.println("ran include " + order.id);
                }

                @IdempotentTrace
                static void METHOD(@IdempotencyKey String id, String text) {
                    System.out.println("ran renamed " + id);
                }

                static void deliver(int i) {
                    Plain plain = new Plain();
                    plain.id = "" + i;
                    plain.comment = i % 3 == 0 ? "of " + i : null;
                    attempt("settingalone", i, () -> settingAlone(plain));
                    Order order = new Order();
                    order.id = "" + i;
                    order.amount = i;
                    order.comment = i % 3 == 0 ? "of " + i : null;
                    attempt("classalone", i, () -> classAlone(order));
                    attempt("include", i, () -> included(order));
                    Order full = new Order();
                    full.id = "" + i;
                    full.amount = i;
                    full.comment = "of " + i;
                    attempt("both", i, () -> both(full));
                    attempt("renamed", i, () -> METHOD("" + i, "text"));
                }

                static void attempt(String kind, int i, Runnable call) {
                    try {
                        call.run();
                    } catch (IdempotencyException e) {
                        System.out.println("refused " + kind + " " + i + ": " + e.getMessage());
                    }
                }

                static void meet(Path folder, String mine, String other, int round) throws Exception {
                    Files.createFile(folder.resolve(mine + round));
                    while (!Files.exists(folder.resolve(other + round))) {
                        Thread.sleep(2);
                    }
                }

                public static void main(String[] args) throws Exception {
                    Path folder = Path.of(args[0]);
                    int mine = args[1].equals("new") ? 1 : 0;
                    String other = mine == 1 ? "old" : "new";
                    meet(folder, args[1], other, 1);
                    for (int i = mine; i < MESSAGES; i += 2) {
                        deliver(i);
                    }
                    meet(folder, args[1], other, 2);
                    for (int i = 0; i < MESSAGES; i++) {
                        deliver(i);
                    }
                }
            }
            """.replace("MESSAGES", Integer.toString(MESSAGES));

    @TempDir
    private Path folder;

    private final String tenant = UUID.randomUUID().toString();

    @Test
    void bothVersionsAnswerForEachOther() throws IOException {
        deploy(Jdks.newest(), Jdks.newest());
    }

    @Tag("matrix")
    @Test
    void bothVersionsOnTwoJdksAnswerForEachOther() throws IOException {
        for (Jdks.Jdk old : Jdks.all()) {
            for (Jdks.Jdk recent : Jdks.all()) {
                for (Path file : List.of(
                        folder.resolve("old1"),
                        folder.resolve("old2"),
                        folder.resolve("new1"),
                        folder.resolve("new2"))) {
                    Files.deleteIfExists(file);
                }
                deploy(old, recent);
            }
        }
    }

    private void deploy(Jdks.Jdk old, Jdks.Jdk recent) throws IOException {
        String settings = "redis-url=" + TestRedis.shared().url() + ",tenant=" + tenant + old + recent
                + ",scope.classalone.null-members=drop";
        Path before = compiled("before", WORKER.replace("NEWMEMBER", "").replace("METHOD", "emit"));
        Path after = compiled(
                "after", WORKER.replace("NEWMEMBER", "public String note;").replace("METHOD", "publish"));
        try (ForkedJvm first = start(old, settings, before, "old");
                ForkedJvm second = start(
                        recent,
                        settings
                                + ",scope.settingalone.null-members=drop,scope.both.null-members=drop"
                                + ",scope.Worker.publish.record-scope=Worker.emit",
                        after,
                        "new")) {
            assertRan(0, first.await());
            assertRan(1, second.await());
        }
    }

    private ForkedJvm start(Jdks.Jdk jdk, String settings, Path classes, String version) {
        return ForkedJvm.on(jdk)
                .shortLived()
                .agent(AgentRun.AGENT, settings)
                .main(classes + java.io.File.pathSeparator + AgentRun.ANNOTATIONS, "Worker", folder.toString(), version)
                .start();
    }

    private static void assertRan(int first, ForkedJvm.Result result) {
        List<String> expected = new ArrayList<>();
        for (int i = first; i < MESSAGES; i += 2) {
            for (String kind : List.of("settingalone", "classalone", "include", "both", "renamed")) {
                expected.add("ran " + kind + " " + i);
            }
        }
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(expected, result.out(), result::toString);
        assertTrue(
                result.lastErr().contains("new=" + expected.size() + " duplicate=" + 5 * MESSAGES + " conflict=0"),
                result::toString);
    }

    private Path compiled(String version, String source) throws IOException {
        Path classes = Files.createDirectories(folder.resolve(version));
        Path file = Files.writeString(classes.resolve("Worker.java"), source);
        Javac.compile(file, classes, "-parameters");
        return classes;
    }
}

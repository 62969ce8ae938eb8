package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.SwitchedProgram;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The command {@code mode} of the packed jar switches workers that run, and those that start later. */
class FleetModeIT {

    /** Its own: connections to it are cut. */
    private static TestRedis redis;

    @BeforeAll
    static void startRedis() {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    private static String settings() {
        return redis.settings()
                + ",fleet-poll=100ms,scope.paid.on-store-failure=throw,hash-secret=of-more-than-sixteen-characters";
    }

    private static ForkedJvm start() {
        return AgentRun.of(Jdks.newest(), settings(), SwitchedProgram.class).start();
    }

    private static void mode(String... arguments) {
        List<String> all = new ArrayList<>(List.of("mode"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--redis-url", redis.url(), "--yes"));
        ForkedJvm.Result result = ForkedJvm.on(Jdks.newest())
                .shortLived()
                .jar(AgentRun.AGENT, all.toArray(new String[0]))
                .run();
        assertEquals(0, result.exitCode(), result::toString);
    }

    @Test
    void runningAndLaterWorkersFollowAndSayWhatTheyWouldHaveSuppressed() {
        String me = System.getProperty("user.name");
        try (ForkedJvm first = start()) {
            first.awaitOut("ready"::equals);
            mode("observe", "--scope", "paid");
            String switched = first.awaitErr(line -> line.contains("mode of scope 'paid' switched"));
            assertTrue(
                    switched.matches("idempotent-trace: mode of scope 'paid' switched from enforce to observe by the"
                            + " fleet at [0-9T:-]+Z: " + me + "@.*"),
                    switched);
            first.awaitErr(
                    line -> line.contains("calls of scope 'paid' run unguarded while mode=observe (by the fleet"));
            first.awaitOut("paid 2"::equals);
            try (ForkedJvm second = start()) {
                second.awaitErr(line -> line.contains("mode of scope 'paid' switched from enforce to observe"));
                second.awaitOut("paid 2"::equals);
                // Connections that are lost take nothing with them.
                redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                mode("off", "--all");
                first.awaitErr(line -> line.contains("mode switched from enforce to off by the fleet"));
                second.awaitErr(line -> line.contains("mode switched from enforce to off by the fleet"));
                second.awaitOut("shipped"::equals);
                second.stop();
                ForkedJvm.Result result = second.await();
                assertTrue(
                        result.err().stream()
                                .anyMatch(line -> line.matches(
                                        "idempotent-trace: observed .*SwitchedProgram.pay\\(String, Map\\): \\d+ bodies ran that"
                                                + " mode=enforce would have suppressed: duplicate=\\d+ \\(key 'k'\\), conflict=\\d+"
                                                + " \\(key 'k' differs in /amount\\)")),
                        result::toString);
                assertTrue(count(result, "unguarded") > 0, "what ran while it was off is counted: " + result);
                assertEquals(List.of(), AgentRun.foreign(result), result::toString);
            }
            mode("default", "--all");
            first.awaitErr(line ->
                    line.contains("mode switched from off to enforce by the fleet, which no longer asks for one"));
            first.stop();
            ForkedJvm.Result result = first.await();
            assertEquals(List.of(), AgentRun.foreign(result), result::toString);
        }
    }

    private static long count(ForkedJvm.Result result, String ending) {
        String line = result.err().stream()
                .filter(each -> each.contains(" unguarded="))
                .reduce("", (before, last) -> last);
        return Long.parseLong(line.replaceAll(".* " + ending + "=(\\d+).*", "$1"));
    }
}

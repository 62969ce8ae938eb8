package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.Denying;
import io.idempotenttrace.dist.app.InheritedScopes;
import io.idempotenttrace.dist.app.Misuse;
import io.idempotenttrace.dist.app.Overrides;
import io.idempotenttrace.dist.app.Unguardable;
import io.idempotenttrace.dist.app.WideNumbers;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is allowed and hardly meant: nothing is lost by it, and it is said. */
class MisuseIT {

    private static final String APP = Misuse.class.getName();
    private static final String MAPPING = "mapping=" + APP + ".Event=" + APP + ".Maps#event;" + APP + "$Unmapped=" + APP
            + "$Maps.none;com.acme.Unknown=com.acme.Maps.unknown";

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    /** How many lines contain the text. */
    private static long lines(ForkedJvm.Result result, String... texts) {
        return result.err().stream()
                .filter(line -> Stream.of(texts).allMatch(line::contains))
                .count();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void noTraceIsLostByAPointerThatMatchesNothing(Jdks.Jdk jdk) {
        ForkedJvm.Result result = AgentRun.of(
                        jdk,
                        "store=memory,log-period=1ms," + MAPPING + ",scope.nobody.ttl=1h,scope." + APP
                                + ".txt.lease=2s,scope." + APP + ".money.lease=1m",
                        Misuse.class)
                .run();
        assertEquals(
                List.of(
                        "typing error in a record: bodies 5",
                        "typing error in a map: bodies 5",
                        "null part: bodies 5",
                        "typing error of tenant and trace id: bodies 5",
                        "bytes: bodies 5",
                        "bytes again: bodies 0",
                        "text in a record: bodies 3",
                        "no json: bodies 5",
                        "mapped by a file: bodies 5",
                        "mapped by a file again: bodies 0",
                        "mapped by a setting: bodies 5",
                        "mapped by a setting again: bodies 0",
                        "empty tenant: bodies 5",
                        "mapping not there: bodies 5",
                        "time as the key: bodies 5",
                        "time in the key: bodies 5"),
                result.out(),
                result::toString);
        assertEquals(List.of(), AgentRun.foreign(result), result::toString);
        // When it is woven, and when it is first called, with what is there.
        assertEquals(
                1,
                lines(result, "Misuse.record has the pointer '/traceID'", "did you mean '/traceId'?"),
                result::toString);
        assertEquals(
                1,
                lines(result, "Misuse.record was called without idempotency key", "'/traceID' matches nothing"),
                result::toString);
        assertEquals(1, lines(result, "Misuse.record was called without idempotency key"), result::toString);
        assertEquals(
                1,
                lines(result, "Misuse.map was called without idempotency key", "/id", "did you mean '/traceId'?"),
                result::toString);
        assertEquals(0, lines(result, "Misuse.nullable"), result::toString);
        assertEquals(
                1,
                lines(result, "Misuse.timed has 'timestamp' in its key", "made anew for each delivery"),
                result::toString);
        assertEquals(0, lines(result, "Misuse.measured"), result::toString);
        assertEquals(
                1,
                lines(result, "Misuse.tenant was called without tenant", "'/tenant' matches nothing"),
                result::toString);
        assertEquals(
                1,
                lines(result, "Misuse.tenant was called without trace id", "did you mean '/traceId'?"),
                result::toString);
        assertTrue(lines(result, "Misuse.text", "at '/span/body'", "line 1, column 1") > 0, result::toString);
        assertEquals(0, lines(result, "hunter2"), result::toString);
        assertTrue(
                lines(
                                result,
                                "Misuse$Unmapped can't be hashed: " + APP + "$Maps.none",
                                "there is no method of that name")
                        > 0,
                result::toString);
        assertEquals(1, lines(result, "scope.nobody.* had no effect"), result::toString);
        assertEquals(
                1,
                lines(result, "scope." + APP + ".txt.* had no effect", "did you mean '" + APP + ".text'?"),
                result::toString);
        assertEquals(0, lines(result, "scope." + APP + ".money"), result::toString);
        assertEquals(1, lines(result, "'mapping'", "com.acme.Unknown"), result::toString);
        assertEquals(
                1,
                lines(result, "in-progress-wait of 10000 ms, which is shorter than its lease of 60000 ms"),
                result::toString);
        String exit = result.err().get(result.err().size() - 1);
        assertTrue(
                exit.contains("new=43 duplicate=22 conflict=0 in-progress=0 failed=0 unguarded=20 "), result::toString);
    }

    @Test
    void suchCallsAreRefusedWhereThatIsAsked() {
        ForkedJvm.Result result = AgentRun.of(
                        Jdks.newest(),
                        "store=memory,on-missing-key=throw,on-missing-tenant=throw,on-store-failure=throw," + MAPPING,
                        Misuse.class)
                .run();
        assertTrue(
                result.out()
                        .containsAll(List.of(
                                "typing error in a record: bodies 0, refused 5",
                                "typing error in a map: bodies 0, refused 5",
                                "null part: bodies 5",
                                "typing error of tenant and trace id: bodies 0, refused 5",
                                "empty tenant: bodies 0, refused 5",
                                "no json: bodies 0, refused 5",
                                "mapping not there: bodies 0, refused 5")),
                result::toString);
    }

    /** A payload that can't be hashed is decided on apart from a store that can't answer. */
    @Test
    void whatCantBeHashedIsRefusedOnlyWhereThatIsAsked() {
        ForkedJvm.Result refused = AgentRun.of(
                        Jdks.newest(), "store=memory,log-period=1h,on-unhashable=throw," + MAPPING, Misuse.class)
                .run();
        assertTrue(
                refused.out()
                        .containsAll(List.of(
                                "typing error in a record: bodies 5",
                                "no json: bodies 0, refused 5",
                                "mapping not there: bodies 0, refused 5")),
                refused::toString);
        assertTrue(refused.lastErr().contains(" failed=10 "), refused::toString);
        ForkedJvm.Result run = AgentRun.of(
                        Jdks.newest(),
                        "store=memory,log-period=1h,on-store-failure=throw,on-unhashable=proceed," + MAPPING + ",scope."
                                + APP + ".unmapped.on-unhashable=throw",
                        Misuse.class)
                .run();
        assertTrue(
                run.out().containsAll(List.of("no json: bodies 5", "mapping not there: bodies 0, refused 5")),
                run::toString);
        assertEquals(1, lines(run, "Misuse.text", "its body runs unguarded (on-unhashable=proceed)"), run::toString);
    }

    /** RFC 8785 has doubles alone: two integers beyond them would be one payload. */
    @Test
    void aNumberThatJcsWouldFoldIsDecidedOnAsWhatCantBeHashed() {
        List<String> numbers = List.of(
                "Long",
                "AtomicLong",
                "LongAdder",
                "BigInteger",
                "BigInteger",
                "BigDecimal",
                "BigDecimal",
                "Double",
                "Float");
        ForkedJvm.Result refused = AgentRun.of(
                        Jdks.newest(), "store=memory,canonical-form=jcs,on-unhashable=throw", WideNumbers.class)
                .run();
        for (int i = 0; i < numbers.size(); i++) {
            String line = refused.out().get(i);
            assertTrue(line.startsWith(numbers.get(i) + " refused: "), refused::toString);
            assertTrue(line.contains("'/ids/0'"), refused::toString);
            assertTrue(line.contains("send it as text") || line.contains("exclude the field"), refused::toString);
        }
        assertEquals("Long ran", refused.out().get(numbers.size()), refused::toString);
        assertTrue(refused.lastErr().contains("new=1 "), refused::toString);
        ForkedJvm.Result run = AgentRun.of(
                        Jdks.newest(),
                        "store=memory,canonical-form=jcs,on-store-failure=throw,on-unhashable=proceed",
                        WideNumbers.class)
                .run();
        assertEquals(
                numbers.size() + 1,
                run.out().stream().filter(line -> line.endsWith(" ran")).count(),
                run::toString);
        assertTrue(run.lastErr().contains(" unguarded=" + numbers.size() + " "), run::toString);
    }

    @Test
    void nothingIsRefusedThatIsOnlyObserved() {
        ForkedJvm.Result result = AgentRun.of(
                        Jdks.newest(),
                        "store=memory,mode=observe,on-missing-key=throw,on-missing-tenant=throw,on-unhashable=throw,on-store-failure=throw,"
                                + MAPPING,
                        Misuse.class)
                .run();
        assertEquals(
                List.of(),
                result.out().stream().filter(line -> line.contains("refused")).toList(),
                result::toString);
        assertTrue(lines(result, "Misuse.text", "its body runs unguarded (mode=observe)") > 0, result::toString);
    }

    /** One method's line must not hide what another one has to say in the same period. */
    @Test
    void theFirstFailureOfEachMethodIsSaid() {
        ForkedJvm.Result result = AgentRun.of(Jdks.newest(), "store=memory,log-period=1h," + MAPPING, Misuse.class)
                .run();
        for (String method : List.of("Misuse.text", "Misuse.unmapped")) {
            assertEquals(
                    1,
                    lines(result, method, "its body runs unguarded (on-store-failure=proceed)"),
                    method + " in " + result);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aClassWithoutParameterNamesIsNamed(Jdks.Jdk jdk, @TempDir Path folder) throws IOException {
        Path source = Files.writeString(folder.resolve("Nameless.java"), """
                import io.idempotenttrace.*;
                public class Nameless {
                    @IdempotentTrace static void two(String first, int second) { }
                    @IdempotentTrace static void one(@IdempotencyKey String key, int second) { }
                    public static void main(String[] arguments) { two("a", 1); one("a", 1); }
                }
                """);
        for (String names : List.of("-g:none", "-g", "-parameters")) {
            Javac.compile(source, folder, names);
            ForkedJvm.Result result = ForkedJvm.on(jdk)
                    .shortLived()
                    .agent(AgentRun.AGENT, "store=memory")
                    .main(folder + java.io.File.pathSeparator + AgentRun.ANNOTATIONS, "Nameless")
                    .run();
            assertEquals(
                    names.equals("-g:none") ? 1 : 0,
                    lines(result, "Nameless.two is hashed with the parameter names arg0, arg1"),
                    result::toString);
            assertEquals(0, lines(result, "Nameless.one"), result::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void anOverrideThatIsNotAnnotatedIsNamed(Jdks.Jdk jdk) {
        ForkedJvm.Result result =
                AgentRun.of(jdk, "store=memory", Overrides.class).run();
        assertEquals(
                List.of(
                        "plain: bodies 2",
                        "base: bodies 1",
                        "inherits: bodies 1",
                        "late: bodies 2",
                        "annotated: bodies 1",
                        "hands on: bodies 1",
                        "own sink: bodies 2",
                        "replaying: bodies 2",
                        "class wins: bodies 2",
                        "below it: bodies 2",
                        "guarded class wins: bodies 1",
                        "default wins: bodies 1"),
                result.out(),
                result::toString);
        String app = Overrides.class.getName();
        assertEquals(5, lines(result, "is not annotated itself"), result::toString);
        assertEquals(1, lines(result, app + "$Replaying.emit overrides " + app + "$Base.emit"), result::toString);
        assertEquals(
                1,
                lines(
                        result,
                        app + "$Recorder.record stands in " + app + "$ClassWins in the place of " + app
                                + "$Recorded.record"),
                result::toString);
        assertEquals(1, lines(result, app + "$Plain.emit overrides " + app + "$Base.emit"), result::toString);
        assertEquals(1, lines(result, app + "$Late.emit overrides " + app + "$Base.emit"), result::toString);
        assertEquals(1, lines(result, app + "$OwnSink.put overrides " + app + "$Sink.put"), result::toString);
        assertEquals(List.of(), AgentRun.foreign(result), result::toString);
    }

    /** What a class loader throws must not let a body run that is to be refused. */
    @Test
    void aClassLoaderThatThrowsLetsNoBodyRun() {
        ForkedJvm.Result result = AgentRun.of(Jdks.newest(), "store=memory,on-store-failure=throw", Denying.class)
                .run();
        assertEquals(
                List.of("class: bodies 0, refused 2", "resource: bodies 1, refused 0", "both: bodies 0, refused 2"),
                result.out(),
                result::toString);
        assertTrue(result.lastErr().contains(" unguarded=0 "), result::toString);
        ForkedJvm.Result run =
                AgentRun.of(Jdks.newest(), "store=memory", Denying.class).run();
        assertEquals("class: bodies 2, refused 0", run.out().get(0), run::toString);
        assertTrue(run.lastErr().contains(" unguarded=unknown "), run::toString);
    }

    @Test
    void aBodyThatNobodyCountsMakesTheirNumberUnknown(@TempDir Path folder) throws IOException {
        Path source = Files.writeString(folder.resolve("Old.java"), """
                import io.idempotenttrace.*;
                public class Old {
                    @IdempotentTrace static void emit(@IdempotencyKey String key) { }
                    public static void main(String[] arguments) { emit("a"); emit("a"); }
                }
                """);
        Javac.compile(source, folder);
        Path classFile = folder.resolve("Old.class");
        byte[] bytes = Files.readAllBytes(classFile);
        // Java 6: its class files have no invokedynamic.
        bytes[7] = 50;
        Files.write(classFile, bytes);
        for (String policy : List.of("proceed", "throw")) {
            ForkedJvm.Result result = ForkedJvm.on(Jdks.newest())
                    .shortLived()
                    .agent(AgentRun.AGENT, "store=memory,on-store-failure=" + policy)
                    .main(folder + java.io.File.pathSeparator + AgentRun.ANNOTATIONS, "Old")
                    .run();
            assertTrue(
                    result.lastErr().contains(policy.equals("proceed") ? " unguarded=unknown " : " unguarded=0 "),
                    result::toString);
        }
    }

    @Test
    void classesThatShareTheScopeOfAMethodThatTheyInheritAreNamed() {
        ForkedJvm.Result result = AgentRun.of(Jdks.newest(), "store=memory", InheritedScopes.class)
                .run();
        assertEquals(
                List.of(
                        "template: bodies 1 of 3",
                        "default: bodies 1 of 2",
                        "lone: bodies 1 of 3",
                        "named: bodies 1 of 2",
                        "advised: bodies 2 of 2"),
                result.out(),
                result::toString);
        String app = InheritedScopes.class.getName();
        assertEquals(2, lines(result, "which share its scope"), result::toString);
        assertEquals(1, lines(result, app + "$Handler.handle is inherited by " + app, " and " + app), result::toString);
        assertEquals(
                1,
                lines(result, app + "$Listener.on is inherited by ", app + "$Stock", app + "$Ledger"),
                result::toString);
        assertEquals(List.of(), AgentRun.foreign(result), result::toString);
    }

    @Test
    void leaseAndWaitHaveFloors() {
        for (String setting :
                List.of("lease=99ms", "in-progress-wait=9ms", "scope.a.lease=1ms", "mapping=com.acme.Span")) {
            ForkedJvm.Result result = AgentRun.of(Jdks.newest(), "store=memory," + setting, Misuse.class)
                    .run();
            assertTrue(
                    result.err()
                                    .get(0)
                                    .contains("'" + setting.substring(0, setting.indexOf('='))
                                            + "' in the agent argument has a bad value")
                            && result.err().get(0).contains("The application runs without the agent"),
                    result::toString);
        }
        ForkedJvm.Result result = AgentRun.of(
                        Jdks.newest(), "store=memory,lease=100ms,in-progress-wait=10ms", Unguardable.class)
                .run();
        assertEquals(1, lines(result, "is shorter than its lease of 100 ms"), result::toString);
        assertFalse(result.err().get(0).contains("bad value"), result::toString);
        // By default, where nobody chose, nothing is said of it.
        result = AgentRun.of(Jdks.newest(), "store=memory", Unguardable.class).run();
        assertEquals(0, lines(result, "is shorter than its lease"), result::toString);
    }
}

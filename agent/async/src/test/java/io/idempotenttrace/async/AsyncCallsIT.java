package io.idempotenttrace.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.Pairs;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Asynchronous calls whose owner is killed, that are very many, that meet no store, and that must not block. */
class AsyncCallsIT {

    private static final String CLOSED_PORT = "redis-url=redis://localhost:1";

    @TempDir
    private Path folder;

    private static String redis() {
        return TestRedis.shared().settings();
    }

    private static String ownTenant() {
        return ",tenant=" + UUID.randomUUID();
    }

    static List<Jdks.Jdk> allJdks() {
        return Jdks.all();
    }

    static List<Jdks.Jdk> newestJdk() {
        return List.of(Jdks.newest());
    }

    static List<Jdks.Jdk> olderJdks() {
        return Jdks.older();
    }

    private static List<String> stores() {
        return List.of("store=memory", redis());
    }

    static List<Arguments> newestJdkOnRedis() {
        return Pairs.all(newestJdk(), List.of(redis()));
    }

    static List<Arguments> olderJdksOrInMemory() {
        List<Arguments> pairs = new ArrayList<>(Pairs.all(Jdks.older(), stores()));
        pairs.addAll(Pairs.all(newestJdk(), List.of("store=memory")));
        return pairs;
    }

    static List<Arguments> someJdksAndStores() {
        return Pairs.crossSection(Jdks.all(), stores());
    }

    static List<Arguments> allJdksAndStores() {
        return Pairs.all(Jdks.all(), stores());
    }

    static List<Arguments> otherJdksAndStores() {
        return Pairs.others(Jdks.all(), stores());
    }

    /** Bodies that never end keep their keys for many leases; when their JVM is killed, the calls that wait for them run. */
    @MatrixTest
    @MethodSource("allJdks")
    void aRunningBodyKeepsItsLeaseUntilItsJvmIsKilled(Jdks.Jdk jdk) {
        String settings = redis() + ownTenant() + ",lease=8s,in-progress-wait=10m";
        try (ForkedJvm owner = AsyncRun.of(
                        jdk,
                        settings,
                        HoldingWorker.class,
                        "k-",
                        "hold",
                        folder.resolve("never").toString())
                .start()) {
            owner.awaitOut("all"::equals);
            try (ForkedJvm other =
                    AsyncRun.of(jdk, settings, HoldingWorker.class, "k-", "end").start()) {
                other.awaitOut("begun"::equals);
                // A third one is a clock that needs no sleep: it gives up only after several leases.
                ForkedJvm.Result impatient = AsyncRun.of(
                                jdk,
                                settings.replace("in-progress-wait=10m", "in-progress-wait=17s"),
                                HoldingWorker.class,
                                "k-",
                                "hold-none")
                        .run();
                assertEquals(
                        AsyncKind.values().length,
                        impatient.out().stream()
                                .filter(line -> line.startsWith("ended ") && line.contains("TraceInProgressException"))
                                .count(),
                        impatient::toString);
                owner.kill();
                ForkedJvm.Result result = other.await();
                for (AsyncKind kind : AsyncKind.values()) {
                    assertTrue(
                            result.out().contains("value " + kind + " " + kind.seen("v")), () -> kind + ": " + result);
                }
            }
        }
    }

    /** As long as it runs it is renewed; a cancel gives the key to the call of another process that waits for it. */
    @ParameterizedTest
    @MethodSource("newestJdk")
    void aBodyThatNeverEndsIsReleasedWhenItIsCancelled(Jdks.Jdk jdk) throws IOException {
        // Far longer than the test: what is not released stays held.
        String settings = redis() + ownTenant() + ",lease=1h,in-progress-wait=10m";
        Path cancel = folder.resolve("cancel");
        try (ForkedJvm owner = AsyncRun.of(jdk, settings, HoldingWorker.class, "k-", "hold", cancel.toString())
                .start()) {
            owner.awaitOut("all"::equals);
            try (ForkedJvm other =
                    AsyncRun.of(jdk, settings, HoldingWorker.class, "k-", "end").start()) {
                other.awaitOut("begun"::equals);
                Files.createFile(cancel);
                for (AsyncKind kind : AsyncKind.values()) {
                    if (kind.cancellable) {
                        other.awaitOut(("value " + kind + " " + kind.seen("v"))::equals);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("someJdksAndStores")
    void waitingCallersOfAPoolAreMadeUpForAndRunNoOtherTaskAndBlockedLoopsAreNamedOnce(Jdks.Jdk jdk, String store) {
        ForkedJvm.Result result = AsyncRun.of(jdk, store + ",in-progress-wait=2m" + ownTenant(), ThreadRules.class)
                .run();
        assertEquals(
                List.of("runs=1", "redelivery refused, tasks inside of a claim 0", "runs=3"),
                result.out(),
                result::toString);
        assertEquals(
                store.startsWith("redis") ? 1 : 0,
                result.err().stream()
                        .filter(line -> line.contains("ThreadRules.emit is called on defaultEventLoop-")
                                && line.contains("a thread that must not block"))
                        .count(),
                result::toString);
    }

    @MatrixTest
    @MethodSource("allJdksAndStores")
    void tenThousandCallsInFlightHoldNoThreads(Jdks.Jdk jdk, String store) {
        ForkedJvm.Result result = AsyncRun.of(jdk, store + ",in-progress-wait=2m" + ownTenant(), ManyInFlight.class)
                .run();
        Matcher counts = Pattern.compile(
                        "runs=5000 right=10000 in-flight=10000 more-threads=(\\d+) bytes-per-call=(\\d+)")
                .matcher(result.lastOut());
        assertTrue(counts.matches(), result::toString);
        System.out.println(jdk + ", " + store.replaceAll("[,:].*", "") + ": " + result.lastOut());
        // One that limits waits, and one that looks after leases.
        assertTrue(Integer.parseInt(counts.group(1)) <= 2, result::toString);
        assertTrue(Integer.parseInt(counts.group(2)) < 3000, result::toString);
    }

    @MatrixTest
    @MethodSource("newestJdkOnRedis")
    void nothingBlocksOnThreadsThatMustNot(Jdks.Jdk jdk, String store) {
        ForkedJvm.Result result = AsyncRun.of(jdk, store + ",in-progress-wait=1m" + ownTenant(), BlockingFound.class)
                .jvm("-XX:+AllowRedefinitionToAddDeleteMethods")
                .run();
        for (Caller caller : Caller.EVENT_LOOPS) {
            assertTrue(result.out().contains("control " + caller + " true"), result::toString);
        }
        assertEquals(
                "calls=" + 3 * Caller.EVENT_LOOPS.size() * AsyncKind.values().length
                        + " beside-others=18000 blocking=0",
                result.lastOut(),
                result::toString);
    }

    @Test
    @Tag("matrix")
    void withoutStoreEachBodyRunsWhereThePolicyIsToProceed() {
        for (Jdks.Jdk jdk : Jdks.all()) {
            ForkedJvm.Result result = AsyncRun.of(
                            jdk, CLOSED_PORT + ",connect-timeout=200ms,command-timeout=200ms", StoreDown.class)
                    .run();
            assertOutcomes(result, "value 1");
        }
    }

    @Test
    @Tag("matrix")
    void withoutStoreEachCallFailsAsItsTypeDoesWhereThePolicyIsToRefuse() {
        for (Jdks.Jdk jdk : Jdks.all()) {
            ForkedJvm.Result result = AsyncRun.of(
                            jdk,
                            CLOSED_PORT + ",connect-timeout=200ms,command-timeout=200ms,on-store-failure=throw",
                            StoreDown.class)
                    .run();
            assertOutcomes(result, "IdempotencyStoreException 0");
        }
    }

    /** The caller asks for the acknowledgement, and there is none. */
    @MatrixTest
    @MethodSource("allJdks")
    void aCallWhoseCompletionIsNotAcknowledgedFailsAsItsTypeDoes(Jdks.Jdk jdk) throws IOException {
        ForkedJvm.Result result =
                whereTheStoreIsLost(jdk, "on-store-failure=throw", folder.resolve("lost on " + jdk.version()));
        // Spring has its hands on the body's own DeferredResult, in whose place none can be given.
        assertOutcomes(
                result,
                EnumSet.complementOf(EnumSet.of(AsyncKind.DEFERRED_RESULT)),
                kind -> "IdempotencyStoreException");
        assertTrue(
                result.err().get(result.err().size() - 2).contains(" unacknowledged=" + 3 * AsyncKind.values().length),
                result::toString);
    }

    @MatrixTest
    @MethodSource("allJdks")
    void aCallWhoseCompletionIsNotAcknowledgedBringsItsValueWhereThePolicyIsToProceed(Jdks.Jdk jdk) throws IOException {
        ForkedJvm.Result result =
                whereTheStoreIsLost(jdk, "on-store-failure=proceed", folder.resolve("proceeds on " + jdk.version()));
        assertOutcomes(result, EnumSet.allOf(AsyncKind.class), kind -> "value " + kind.seen("v"));
    }

    /** Of {@link StoreLost}. */
    private static void assertOutcomes(
            ForkedJvm.Result result, Set<AsyncKind> kinds, Function<AsyncKind, String> expected) {
        for (AsyncKind kind : kinds) {
            for (String caller : List.of("MAIN", "NETTY", "ENDED")) {
                String outcome = caller + " " + kind + " " + expected.apply(kind);
                assertTrue(result.out().contains(outcome), () -> outcome + ": " + result);
            }
        }
    }

    private static ForkedJvm.Result whereTheStoreIsLost(Jdks.Jdk jdk, String policy, Path lost) throws IOException {
        try (TestRedis redis = TestRedis.start();
                ForkedJvm jvm = AsyncRun.of(
                                jdk,
                                "completion=sync,command-timeout=5s,connect-timeout=30s,redis-url=" + redis.url() + ","
                                        + policy,
                                StoreLost.class,
                                lost.toString())
                        .start()) {
            jvm.awaitOut("begun"::equals);
            redis.kill();
            Files.createFile(lost);
            return jvm.await();
        }
    }

    @MatrixTest
    @MethodSource("olderJdks")
    void aBodyThatNeverEndsIsReleasedOnOlderJdks(Jdks.Jdk jdk) throws IOException {
        aBodyThatNeverEndsIsReleasedWhenItIsCancelled(jdk);
    }

    @MatrixTest
    @MethodSource("otherJdksAndStores")
    void waitingCallersAndBlockedLoopsOfTheOtherPairs(Jdks.Jdk jdk, String store) {
        waitingCallersOfAPoolAreMadeUpForAndRunNoOtherTaskAndBlockedLoopsAreNamedOnce(jdk, store);
    }

    @MatrixTest
    @MethodSource("olderJdksOrInMemory")
    void nothingBlocksOnThreadsOfTheOtherPairs(Jdks.Jdk jdk, String store) {
        nothingBlocksOnThreadsThatMustNot(jdk, store);
    }

    private static void assertOutcomes(ForkedJvm.Result result, String expected) {
        for (Caller caller : Caller.values()) {
            for (AsyncKind kind : AsyncKind.values()) {
                assertTrue(
                        result.out().contains(caller + " " + kind + " " + expected),
                        () -> caller + " " + kind + ": " + result);
            }
        }
    }
}

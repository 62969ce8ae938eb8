package io.idempotenttrace.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.Pairs;
import io.idempotenttrace.testkit.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A method that has returned is not done: what failed later runs again, and what nobody sees the end of is never answered as done. */
@Tag("matrix")
class UnendedWorkIT {

    private static final String DOWN = " IllegalStateException";

    /** Their end is seen, so the third delivery is a duplicate. */
    private static final List<String> OBSERVED = List.of(
            "rx2 Single:" + DOWN + " ok ok, tries 2",
            "Vavr Future:" + DOWN + " ok ok, tries 2",
            "DeferredResult:" + DOWN + " ok ok, tries 2",
            "ForkJoinTask:" + DOWN + " ok DuplicateTraceException, tries 2",
            "Object of a future:" + DOWN + " ok DuplicateTraceException, tries 2",
            "T of a future:" + DOWN + " ok DuplicateTraceException, tries 2",
            "own interface of a future:" + DOWN + " ok DuplicateTraceException, tries 2",
            "Object of a Scala future:" + DOWN + " ok DuplicateTraceException, tries 2",
            "Object of a Mono:" + DOWN + " ok DuplicateTraceException, tries 2",
            "Try:" + DOWN + " ok DuplicateTraceException, tries 2",
            "future of a Try:" + DOWN + " ok DuplicateTraceException, tries 2",
            "Flux of Try:" + DOWN + " ok DuplicateTraceException, tries 2",
            "Either: Left ok DuplicateTraceException, tries 2");

    /** Their end is not seen, so each delivery runs. */
    private static final List<String> UNOBSERVED = List.of(
            "Callable",
            "Supplier",
            "Stream",
            "Iterator",
            "WebAsyncTask",
            "own Mono",
            "ConnectableFlux",
            "Disposable",
            "list of futures",
            "Optional of a Callable",
            "future of a Stream",
            "Object of a Callable",
            "Object of an own Mono",
            "own function",
            "record with a future",
            "map with a future");

    /** The first of them tell it by what they declare, the others by what they return. */
    private static final List<String> NAMED = List.of(
            "callable returns java.util.concurrent.Callable,",
            "supplier returns java.util.function",
            "stream returns java.util.stream.Stream,",
            "iterator returns java.util.Iterator,",
            "webAsyncTask returns org.springframework.web.context.request.async.WebAsyncTask,",
            "ownMono returns io.idempotenttrace.async.UnendedEmitters$OwnMono,",
            "connectable returns reactor.core.publisher.ConnectableFlux,",
            "disposable returns reactor.core.Disposable,",
            "futures returns java.util.concurrent.CompletableFuture,",
            "perhaps returns java.util.concurrent.Callable,",
            "streamLater returns java.util.stream.Stream,",
            "objectOfCallable returned a lambda, whose code",
            "objectOfOwnMono returned a io.idempotenttrace.async.UnendedEmitters$OwnMono,",
            "ownFunction returned a lambda, whose code",
            "receipt returned what holds a java.util.concurrent.CompletableFuture,",
            "map returned what holds a java.util.concurrent.CompletableFuture,");

    private static final int DECLARED = 11;

    private static List<String> answers(boolean throwing) {
        List<String> answers = new ArrayList<>(OBSERVED);
        for (String name : UNOBSERVED) {
            int index = UNOBSERVED.indexOf(name);
            String refused = " IdempotencyException IdempotencyException IdempotencyException, tries ";
            String down = name.equals("Disposable") ? " ended ended ended" : DOWN + " ok ok";
            boolean bodiesBegin =
                    List.of("record with a future", "map with a future").contains(name);
            answers.add(name + ":" + (!throwing || bodiesBegin ? down + ", tries 3" : refused + "0"));
        }
        return answers;
    }

    private static ForkedJvm.Result run(Jdks.Jdk jdk, String settings) {
        String failedValues = settings.contains("failed-values") ? "" : "failed-values=all,";
        return AsyncRun.of(
                        jdk,
                        failedValues + "in-progress-wait=1m,tenant=" + UUID.randomUUID() + "," + settings,
                        LostWork.class)
                .run();
    }

    static List<Arguments> someJdksAndStores() {
        return Pairs.crossSection(
                Jdks.all(), List.of("store=memory", TestRedis.shared().settings()));
    }

    static List<Arguments> otherJdksAndStores() {
        return Pairs.others(
                Jdks.all(), List.of("store=memory", TestRedis.shared().settings()));
    }

    @ParameterizedTest
    @MethodSource("someJdksAndStores")
    void whatIsNotSeenToEndRunsAgainAndIsNamedOnce(Jdks.Jdk jdk, String store) {
        ForkedJvm.Result result = run(jdk, store);
        assertEquals(answers(/* throwing= */ false), result.out(), result::toString);
        for (String named : NAMED) {
            assertEquals(
                    1,
                    result.err().stream()
                            .filter(line -> line.contains("UnendedEmitters." + named))
                            .count(),
                    named + " in " + result);
        }
        assertTrue(result.lastErr().contains("unguarded=" + 3 * NAMED.size()), result::toString);
        assertTrue(result.err().stream().noneMatch(line -> line.contains("; acknowledge")), result::toString);
    }

    @MatrixTest
    @MethodSource("otherJdksAndStores")
    void whatIsNotSeenToEndRunsAgainInTheOtherPairs(Jdks.Jdk jdk, String store) {
        whatIsNotSeenToEndRunsAgainAndIsNamedOnce(jdk, store);
    }

    @Test
    void whatIsNotSeenToEndIsRefusedWhereThePolicyIsToRefuse() {
        ForkedJvm.Result result = run(Jdks.newest(), "store=memory,on-unobservable=throw");
        assertEquals(answers(/* throwing= */ true), result.out(), result::toString);
        assertTrue(
                result.err().stream()
                        .anyMatch(
                                line -> line.contains("UnendedEmitters.callable returns") && line.contains("refused")),
                result::toString);
        assertEquals(
                DECLARED,
                result.err().stream()
                        .filter(line -> line.contains("its calls are refused"))
                        .count(),
                result::toString);
    }

    @Test
    void aValueThatCarriesAFailureIsDoneWhereTheSettingSaysSo() {
        ForkedJvm.Result result = run(Jdks.newest(), "store=memory,failed-values=none");
        assertTrue(
                result.out().contains("Try:" + DOWN + " DuplicateTraceException DuplicateTraceException, tries 1"),
                result::toString);
        assertTrue(
                result.out().contains("Either: Left DuplicateTraceException DuplicateTraceException, tries 1"),
                result::toString);
    }
}

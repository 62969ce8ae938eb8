package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Function;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Lists;
import com.google.common.collect.Maps;
import io.idempotenttrace.weaver.async.UnendedTypes;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Timer;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Work that a result holds where its type does not show it is found, and is not done in the caller's place. */
class HeldWorkTest {

    private static final AtomicInteger READ = new AtomicInteger();

    /** As AWS' Upload: the accessor is none that JSON knows. */
    static final class Handle {
        private final CompletableFuture<String> end;

        Handle(CompletableFuture<String> end) {
            this.end = end;
        }

        CompletableFuture<String> completionFuture() {
            return end;
        }
    }

    static final class Around {
        private final List<Handle> handles;

        Around(Handle... handles) {
            this.handles = Arrays.asList(handles);
        }

        int size() {
            return handles.size();
        }
    }

    static final class Publishing {
        private final Flow.Publisher<String> items = new SubmissionPublisher<>();

        Flow.Publisher<String> items() {
            return items;
        }
    }

    static final class Once implements Iterable<String> {
        private final Iterator<String> elements;

        Once(Iterator<String> elements) {
            this.elements = elements;
        }

        @Override
        public Iterator<String> iterator() {
            return elements;
        }
    }

    record Batch(String id, Iterable<String> spans) {}

    static final class Loading extends AbstractList<String> {
        private final Supplier<String> load;

        Loading(Supplier<String> load) {
            this.load = load;
        }

        @Override
        public String get(int index) {
            return load.get();
        }

        @Override
        public int size() {
            return 1;
        }
    }

    /** What it loads its elements with does not show. */
    static final class Counting extends AbstractList<String> {

        @Override
        public String get(int index) {
            return "" + READ.incrementAndGet();
        }

        @Override
        public int size() {
            return 1;
        }
    }

    private static String work() {
        throw new AssertionError("read in the place of the caller");
    }

    static Stream<Object> working() {
        Function<Integer, String> function = any -> work();
        return Stream.of(
                new Handle(new CompletableFuture<>()),
                new Handle(CompletableFuture.failedFuture(new IllegalStateException("down"))),
                new Around(new Handle(CompletableFuture.completedFuture("a")), new Handle(new CompletableFuture<>())),
                List.of(new Handle(new CompletableFuture<>())),
                Optional.of(new Handle(new CompletableFuture<>())),
                new Handle[] {new Handle(new CompletableFuture<>())},
                new Publishing(),
                Lists.transform(List.of(1), function),
                Lists.reverse(Lists.transform(List.of(1), function)),
                List.of(Lists.transform(List.of(1), function)),
                Maps.transformValues(Map.of("a", 1), function),
                Maps.asMap(Set.of(1), function),
                new Once(List.of("a").iterator()),
                new Batch("a", new Once(List.of("a").iterator())),
                new Loading(HeldWorkTest::work),
                new AbstractList<String>() {
                    @Override
                    public String get(int index) {
                        return work();
                    }

                    @Override
                    public int size() {
                        return 1;
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("working")
    void workThatHasNotEndedIsFoundAndNotDone(Object value) {
        ResultJson json = new ResultJson(Object.class, HeldWorkTest.class, /* part= */ false);
        RuntimeException refused = assertThrows(RuntimeException.class, () -> json.write(value, new ResultBytes(1000)));
        assertNotNull(UnendedWork.in(refused), refused::toString);
    }

    static Stream<Object> done() {
        List<String> filled = new ArrayList<>() {
            private static final long serialVersionUID = 1L;

            {
                add("a");
            }
        };
        return Stream.of(
                new Handle(CompletableFuture.completedFuture("a")),
                ImmutableList.of("a", "b"),
                ImmutableSortedMap.orderedBy((String a, String b) -> b.compareTo(a))
                        .put("a", 1)
                        .build(),
                Lists.reverse(ImmutableList.of("a")),
                Lists.partition(List.of(1, 2, 3), 2),
                new TreeMap<>(String.CASE_INSENSITIVE_ORDER),
                Collections.unmodifiableList(filled),
                filled,
                List.of((Supplier<String>) HeldWorkTest::work));
    }

    @ParameterizedTest
    @MethodSource("done")
    void whatHoldsItsElementsIsNoWork(Object value) {
        assertDoesNotThrow(() -> HeldWork.refuse(value));
    }

    /** Once more than without the agent. */
    @ParameterizedTest
    @ValueSource(classes = {Iterable.class, List.class})
    void aListThatMayComputeItsElementsIsReadOnce(Class<?> declared) {
        READ.set(0);
        new ResultJson(declared, HeldWorkTest.class, /* part= */ false)
                .write(Collections.unmodifiableList(new Counting()), new ResultBytes(1000));
        new ResultJson(declared, HeldWorkTest.class, /* part= */ false).write(new Counting(), new ResultBytes(1000));
        assertEquals(2, READ.get());
    }

    @Test
    void aTimerGoesOn() {
        assertNotNull(UnendedTypes.of(Timer.class));
        assertTrue(ResultIntrospector.isNeverWritten(Timer.class));
        assertFalse(ResultIntrospector.isNeverWritten(java.util.Date.class));
    }
}

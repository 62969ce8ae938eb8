package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Function;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Lists;
import com.google.common.collect.Maps;
import io.idempotenttrace.weaver.async.UnendedTypes;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.Writer;
import java.net.HttpURLConnection;
import java.nio.channels.FileChannel;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Timer;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicMarkableReference;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.AtomicStampedReference;
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

    /** The JDK hands on the handles by a view, an entry or a holder. */
    record Sent(String id, Object handles) {}

    static final class ThreadHandle {
        private final Thread worker;

        ThreadHandle(Thread worker) {
            this.worker = worker;
        }

        String name() {
            return worker.getName();
        }
    }

    record Shown(String id, Object part) {}

    static final class ShownByGetter {
        private final Thread sender;

        ShownByGetter(Thread sender) {
            this.sender = sender;
        }

        public Thread getSender() {
            return sender;
        }
    }

    /** As a collection of an ORM whose session is closed: it does not even give an iterator. */
    static final class Closed extends AbstractList<String> {
        @Override
        public Iterator<String> iterator() {
            throw new IllegalStateException("its session is closed");
        }

        @Override
        public String get(int index) {
            throw new IllegalStateException("its session is closed");
        }

        @Override
        public int size() {
            throw new IllegalStateException("its session is closed");
        }
    }

    static final class LatchHandle {
        private final CountDownLatch end;

        LatchHandle(int open) {
            end = new CountDownLatch(open);
        }

        void await() throws InterruptedException {
            end.await();
        }
    }

    static final class Subscribed {
        private final Flow.Subscription subscription = new Flow.Subscription() {
            @Override
            public void request(long most) {}

            @Override
            public void cancel() {}
        };

        void cancel() {
            subscription.cancel();
        }
    }

    /** Keeps what the handle has in a field of its own: a client has threads, whatever becomes of the work. */
    static final class OfClient {
        private final ThreadHandle client = new ThreadHandle(new Thread(() -> {}));

        String name() {
            return client.name();
        }
    }

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

    private static Handle running() {
        return new Handle(new CompletableFuture<>());
    }

    static Stream<Object> holders() {
        return Stream.of(
                Collections.unmodifiableList(new ArrayList<>(List.of(running()))),
                Collections.synchronizedList(new ArrayList<>(List.of(running()))),
                Collections.unmodifiableMap(new TreeMap<>(Map.of("a", running()))),
                Collections.nCopies(100, running()),
                new ArrayList<>(List.of(running())).subList(0, 1),
                new LinkedList<>(List.of(running())).subList(0, 1),
                new HashMap<>(Map.of("a", running())).values(),
                new HashMap<>(Map.of("a", running())).entrySet(),
                new ConcurrentHashMap<>(Map.of("a", running())).values(),
                new TreeMap<>(Map.of("a", running())).descendingMap(),
                Map.entry("a", running()),
                new AbstractMap.SimpleEntry<>("a", running()),
                new AtomicReference<>(running()),
                new AtomicReferenceArray<>(new Object[] {running()}),
                new AtomicStampedReference<>(running(), 1),
                new AtomicMarkableReference<>(running(), true),
                new ThreadHandle(new Thread(() -> {})),
                new LatchHandle(1),
                new Subscribed());
    }

    @ParameterizedTest
    @MethodSource("holders")
    void workThatTheJdkHoldsIsFound(Object holder) {
        for (Object value : List.of(holder, new Sent("a", holder), List.of(holder))) {
            ResultJson json = new ResultJson(Object.class, HeldWorkTest.class, /* part= */ false);
            RuntimeException refused =
                    assertThrows(RuntimeException.class, () -> json.write(value, new ResultBytes(1000)));
            assertNotNull(UnendedWork.in(refused), refused::toString);
        }
    }

    @Test
    void aViewThatHoldsItselfOrFailsHasAnEnd() {
        List<Object> itself = new ArrayList<>();
        itself.add(Collections.unmodifiableList(itself));
        assertDoesNotThrow(() -> HeldWork.refuse(Collections.unmodifiableList(itself)));
        assertDoesNotThrow(() -> HeldWork.refuse(Collections.nCopies(Integer.MAX_VALUE, "a")));
        List<String> closed = Collections.unmodifiableList(new Loading(() -> {
            throw new IllegalStateException("its session is closed");
        }));
        assertDoesNotThrow(() -> HeldWork.refuse(new Sent("a", closed)));
    }

    @ParameterizedTest
    @MethodSource("working")
    void workThatHasNotEndedIsFoundAndNotDone(Object value) {
        ResultJson json = new ResultJson(Object.class, HeldWorkTest.class, /* part= */ false);
        RuntimeException refused = assertThrows(RuntimeException.class, () -> json.write(value, new ResultBytes(1000)));
        assertNotNull(UnendedWork.in(refused), refused::toString);
    }

    @Test
    void workBehindAViewThatFailsIsFound() {
        Object closed = Collections.unmodifiableList(new Closed());
        Object closedMap = Collections.unmodifiableMap(new AbstractMap<String, String>() {
            @Override
            public Set<Map.Entry<String, String>> entrySet() {
                throw new IllegalStateException("its session is closed");
            }
        });
        for (Object failing : List.of(closed, closedMap)) {
            assertThrows(UnendedWork.class, () -> HeldWork.refuse(List.of(failing, running())));
        }
    }

    /** It can't be stored, and is done all the same. */
    @Test
    void whatSaysThatItHasEndedIsNoWorkWhereItIsWritten() throws Exception {
        Thread ended = new Thread(() -> {});
        ended.start();
        ended.join();
        Process process = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-version").start();
        process.waitFor();
        for (Object part : List.of(ended, Thread.currentThread(), new CountDownLatch(0), process, process.toHandle())) {
            RuntimeException refused = assertThrows(RuntimeException.class, () -> write(new Shown("a", part)));
            assertNull(UnendedWork.in(refused), refused::toString);
        }
        RuntimeException refused = assertThrows(RuntimeException.class, () -> write(new ShownByGetter(ended)));
        assertNull(UnendedWork.in(refused), refused::toString);
        for (Object part : List.of(new Thread(() -> {}), new CountDownLatch(1), ProcessHandle.current())) {
            RuntimeException goesOn = assertThrows(RuntimeException.class, () -> write(new Shown("a", part)));
            assertNotNull(UnendedWork.in(goesOn), goesOn::toString);
        }
    }

    private static void write(Object value) {
        new ResultJson(value.getClass(), HeldWorkTest.class, /* part= */ false).write(value, new ResultBytes(1000));
    }

    static Stream<Object> done() {
        List<String> filled = new ArrayList<>() {
            private static final long serialVersionUID = 1L;

            {
                add("a");
            }
        };
        Thread ended = new Thread(() -> {});
        ended.start();
        try {
            ended.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return Stream.of(
                new Handle(CompletableFuture.completedFuture("a")),
                Collections.unmodifiableList(List.of(new Handle(CompletableFuture.completedFuture("a")))),
                Map.entry("a", new Handle(CompletableFuture.completedFuture("a"))),
                new ThreadHandle(ended),
                new ThreadHandle(Thread.currentThread()),
                new LatchHandle(0),
                new OfClient(),
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

    /** A queue or stream that is a part of a result may be full, or closed; a method that returns nothing else leaves it to its caller. */
    @Test
    void someTypesCountWhereTheyAreDeclared() {
        for (Class<?> type : List.of(
                LinkedBlockingQueue.class,
                Phaser.class,
                Semaphore.class,
                CyclicBarrier.class,
                Exchanger.class,
                OutputStream.class,
                FileChannel.class,
                HttpURLConnection.class,
                PreparedStatement.class)) {
            assertNotNull(UnendedTypes.declared(type), type::getName);
            assertNull(UnendedTypes.of(type), type::getName);
        }
        for (Class<?> type : List.of(
                ByteArrayOutputStream.class, StringWriter.class, InputStream.class, Statement.class, ResultSet.class)) {
            assertNull(UnendedTypes.declared(type), type::getName);
        }
        assertNotNull(UnendedTypes.of(Thread.class));
        Set<String> buffer =
                Set.of("org.apache.commons.io.output.AbstractByteArrayOutputStream", OutputStream.class.getName());
        assertNull(UnendedTypes.declared("org.apache.commons.io.output.ByteArrayOutputStream", buffer::contains));
        for (String name : List.of(
                "org.apache.commons.io.output.ByteArrayOutputStream",
                "org.springframework.util.FastByteArrayOutputStream")) {
            assertNull(UnendedTypes.declared(name, Set.of(name, OutputStream.class.getName())::contains), name);
        }
        String writer = "org.apache.commons.io.output.StringBuilderWriter";
        assertNull(UnendedTypes.declared(writer, Set.of(writer, Writer.class.getName())::contains));
    }

    @Test
    void aTimerGoesOn() {
        assertNotNull(UnendedTypes.of(Timer.class));
        assertTrue(ResultIntrospector.isNeverWritten(Timer.class));
        assertFalse(ResultIntrospector.isNeverWritten(java.util.Date.class));
    }
}

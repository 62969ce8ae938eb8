package io.idempotenttrace.core.classfile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which constructors, factory methods and setters are seen to do more than to make and to fill an object. */
@SuppressWarnings({"unused", "UnusedVariable", "UnusedMethod"})
class OutsideEffectsTest {

    static final AtomicInteger SEQUENCE = new AtomicInteger();
    static final List<Object> ALL = new ArrayList<>();
    static final List<String> DEFAULTS = List.of("a");
    static final Map<String, Interned> INTERNED = new ConcurrentHashMap<>();

    static class Numbered {
        private final int number = SEQUENCE.incrementAndGet();
    }

    static class Counted {
        private static int made;
        private final int number;

        Counted() {
            number = ++made;
        }
    }

    static class WithFile {
        private final Path file;

        WithFile() {
            try {
                file = Files.createTempFile("a", "b");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static class Registered {
        Registered() {
            ALL.add(this);
        }
    }

    static class Registry {
        private static final Registry INSTANCE = new Registry();
        private final List<Object> all = new ArrayList<>();
        private int count;

        static Registry instance() {
            return INSTANCE;
        }

        void register(Object made) {
            all.add(made);
        }

        void count() {
            count++;
        }
    }

    static class RegisteredElsewhere {
        RegisteredElsewhere() {
            Registry.instance().register(this);
        }
    }

    static class CountedElsewhere {
        CountedElsewhere() {
            Registry.INSTANCE.count();
        }
    }

    static class Below extends Registered {}

    static class Holding {
        private final Numbered part = new Numbered();
    }

    static class Started {
        Started() {
            Thread thread = new Thread(() -> {});
            thread.start();
        }
    }

    static class Printing {
        private String name;

        void setName(String name) {
            System.out.println(name);
            this.name = name;
        }
    }

    record Checked(String id, List<String> lines, BigDecimal amount) {
        Checked {
            Objects.requireNonNull(id, "id");
            lines = List.copyOf(lines);
            if (amount.signum() < 0) {
                throw new IllegalArgumentException("amount " + amount);
            }
        }
    }

    static class Bean {
        private final UUID id = UUID.randomUUID();
        private final Instant made = Instant.now();
        private List<String> lines = new ArrayList<>(DEFAULTS);
        private Map<String, Integer> counts = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        private String[] names = {"a", "b"};
        private String text;

        Bean() {
            lines.add("b");
            for (String line : DEFAULTS) {
                counts.merge(line, 1, Integer::sum);
            }
            for (int i = 0; i < names.length; i++) {
                names[i] = names[i].trim();
            }
            Arrays.sort(names);
        }

        void setText(String text) {
            this.text = text == null ? null : text.trim();
        }

        void setLines(List<String> lines) {
            this.lines.clear();
            this.lines.addAll(lines);
            Collections.sort(this.lines);
            addTo(this.lines);
        }

        private static void addTo(List<String> lines) {
            lines.add("last");
        }
    }

    static class Interned {
        private final String name;

        private Interned(String name) {
            this.name = name;
        }

        static Interned of(String name) {
            return INTERNED.computeIfAbsent(name, Interned::new);
        }
    }

    static class Built {
        private final Map<String, String> parts;

        Built(Builder builder) {
            parts = new HashMap<>(builder.parts);
        }

        static class Builder {
            private final Map<String, String> parts = new HashMap<>();

            Builder part(String name, String value) {
                parts.put(name, value);
                return this;
            }

            Built build() {
                return new Built(this);
            }
        }
    }

    private static boolean isWork(Class<?> type) {
        List<java.lang.reflect.Executable> all = new ArrayList<>(List.of(type.getDeclaredConstructors()));
        all.addAll(List.of(type.getDeclaredMethods()));
        return OutsideEffects.areIn(all);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Numbered.class,
                Counted.class,
                WithFile.class,
                Registered.class,
                RegisteredElsewhere.class,
                CountedElsewhere.class,
                Below.class,
                Holding.class,
                Started.class,
                Printing.class
            })
    void whatReachesOutOfItsObjectIsWork(Class<?> type) {
        assertEquals(true, isWork(type));
    }

    @ParameterizedTest
    @ValueSource(classes = {Checked.class, Bean.class, Interned.class, Built.class, Built.Builder.class})
    void whatAssignsAndChecksIsNone(Class<?> type) {
        assertEquals(false, isWork(type));
    }
}

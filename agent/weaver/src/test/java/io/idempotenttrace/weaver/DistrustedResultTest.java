package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.lang.reflect.Field;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in Redis is not trusted: it loads no class, and takes neither seconds nor memory to be refused. */
class DistrustedResultTest {

    /** Set when somebody has loaded and initialised the class that a record names. */
    static volatile boolean loaded;

    /** The one that records name. */
    static final class Named {

        static {
            loaded = true;
        }
    }

    record Handler(Map<Class<?>, String> byClass) {}

    /** Types of results with a class somewhere in them. */
    @SuppressWarnings("unused")
    static final class Results {
        Map<Class<?>, String> keys;
        Map<Class<? extends Number>, List<String>> boundedKeys;
        SortedMap<Class<?>, String> sortedKeys;
        Map<String, Class<?>> values;
        List<Class<?>> elements;
        Class<?>[] array;
        Class<?> itself;
        Optional<Class<?>> held;
        Map.Entry<Class<?>, String> entry;
        Map<String, Map<Class<?>, String>> inner;
        Handler component;
    }

    static Stream<Field> typesWithClasses() {
        return Arrays.stream(Results.class.getDeclaredFields());
    }

    @ParameterizedTest
    @MethodSource("typesWithClasses")
    void noClassIsLoadedByTheNameThatARecordGives(Field type) {
        String name = '"' + Results.class.getName().replace("Results", "Named") + '"';
        String object = "{" + name + ":\"x\"}";
        for (String json : List.of(
                object,
                name,
                "[" + name + "]",
                "{\"a\":" + name + "}",
                "{\"a\":" + object + "}",
                "{\"byClass\":" + object + "}",
                "[" + name + ",\"x\"]")) {
            try {
                new ResultJson(type.getGenericType(), Results.class, /* part= */ false).read(json);
            } catch (RuntimeException refused) {
                // Not each of them is JSON of the type.
            }
            assertFalse(loaded, type.getGenericType() + " has loaded the class that " + json + " names");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"integer %s", "decimal %s", "decimal 0.%s", "%s", "0.%s", "[%s]", "{\"a\":%s}"})
    void numbersOfAMillionDigitsAreRefusedAtOnce(String form) {
        String json = String.format(form, "7".repeat(1_000_000));
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (Type type :
                    List.of(Object.class, Number.class, BigInteger.class, BigDecimal.class, List.class, Map.class)) {
                ResultJson result = new ResultJson(type, DistrustedResultTest.class, /* part= */ false);
                assertThrows(RuntimeException.class, () -> result.read(json), type.getTypeName());
            }
        });
    }
}

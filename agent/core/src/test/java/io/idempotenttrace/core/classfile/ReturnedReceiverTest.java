package io.idempotenttrace.core.classfile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.invoke.MethodType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which methods return the object that they are called on, and nothing else. */
class ReturnedReceiverTest {

    @SuppressWarnings({"unused", "UnusedVariable", "TypeParameterUnusedInFormals", "unchecked"})
    static class Fluent<T extends Fluent<T>> {
        private int number;

        Fluent<T> plain(Fluent<T> other) {
            number++;
            return this;
        }

        Fluent<T> early(Fluent<T> other) {
            if (other == null) {
                return this;
            }
            for (int i = 0; i < 3; i++) {
                number += i;
            }
            switch (number) {
                case 1 -> number = 2;
                case 100 -> throw new IllegalStateException();
                default -> number = 3;
            }
            return this;
        }

        T cast(Fluent<T> other) {
            return (T) this;
        }

        Fluent<T> byVariable(Fluent<T> other) {
            Fluent<T> self = this;
            Fluent<T> again = self;
            again.number++;
            return again;
        }

        Fluent<T> tried(Fluent<T> other) {
            try {
                number = Integer.parseInt("1");
                return this;
            } catch (NumberFormatException e) {
                return this;
            } finally {
                number++;
            }
        }

        Fluent<T> locked(Fluent<T> other) {
            synchronized (other) {
                number++;
                return this;
            }
        }

        Fluent<T> lockedOther(Fluent<T> other) {
            synchronized (this) {
                number++;
                return other;
            }
        }

        Fluent<T> byVariableInLoop(Fluent<T> other) {
            Fluent<T> self = this;
            while (true) {
                if (number++ > 3) {
                    return self;
                }
                self = other;
            }
        }

        Fluent<T> other(Fluent<T> other) {
            return other;
        }

        Fluent<T> either(Fluent<T> other) {
            return other == null ? this : other;
        }

        Fluent<T> eitherOther(Fluent<T> other) {
            return other != null ? other : this;
        }

        Fluent<T> sometimes(Fluent<T> other) {
            if (other == null) {
                return this;
            }
            return other;
        }

        Fluent<T> byVariableOfBoth(Fluent<T> other) {
            Fluent<T> self = this;
            if (number > 0) {
                self = other;
            }
            return self;
        }

        Fluent<T> called(Fluent<T> other) {
            return plain(other);
        }

        Fluent<T> never(Fluent<T> other) {
            throw new IllegalStateException();
        }

        static Fluent<?> fixed(Fluent<?> other) {
            return other;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "plain, true",
        "early, true",
        "cast, true",
        "byVariable, true",
        "tried, true",
        "locked, true",
        "lockedOther, false",
        "byVariableInLoop, false",
        "other, false",
        "either, false",
        "eitherOther, false",
        "sometimes, false",
        "byVariableOfBoth, false",
        "called, false",
        "never, false",
        "fixed, false",
        "absent, false"
    })
    void onlyWhatCannotReturnAnythingElseIsFound(String method, boolean found) {
        String descriptor = MethodType.methodType(Fluent.class, Fluent.class).toMethodDescriptorString();
        assertEquals(found, ReturnedReceiver.isAll(Fluent.class, method, descriptor));
    }
}

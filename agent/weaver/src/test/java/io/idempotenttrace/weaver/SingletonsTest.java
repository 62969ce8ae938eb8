package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An object that its own class keeps as a constant is known by what it is: another one in its place is no such result. */
class SingletonsTest {

    /** As a Kotlin object of a sealed interface. */
    sealed interface Reply {}

    static final class Accepted implements Reply {
        static final Accepted INSTANCE = new Accepted();

        private Accepted() {}
    }

    record Rejected(String why) implements Reply {}

    abstract static class Outcome {
        private final int code;

        Outcome(int code) {
            this.code = code;
        }

        public int getCode() {
            return code;
        }
    }

    static final class Done extends Outcome {
        static final Done INSTANCE = new Done();

        private Done() {
            super(1);
        }

        @SuppressWarnings("UnusedMethod")
        static Done another() {
            return new Done();
        }
    }

    /** As Scala compiles a case object. */
    static final class Fine$ {
        static final Fine$ MODULE$ = new Fine$();
        private final int number = 1;

        Fine$() {}

        public int getNumber() {
            return number;
        }
    }

    /** As Java had enums before it had them. */
    static final class Status {
        static final Status OK = new Status("ok");
        private String name;

        @SuppressWarnings("unused")
        private Status() {
            this("?");
        }

        Status(String name) {
            this.name = name;
        }

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }
    }

    record Money(long cents) {
        static final Money ZERO = new Money(0);
    }

    @SuppressWarnings("unused")
    static final class Results {
        Accepted accepted;
        Optional<Accepted> optional;
        Reply reply;
        List<Reply> replies;
        Done done;
        Fine$ fine;
        Status status;
        Money money;
    }

    private static ResultJson json(String field) throws NoSuchFieldException {
        return new ResultJson(Results.class.getDeclaredField(field).getGenericType(), Results.class, /* part= */ false);
    }

    private static Object back(String field, Object value) throws NoSuchFieldException {
        ResultBytes bytes = new ResultBytes(100_000);
        ResultJson json = json(field);
        json.write(value, bytes);
        return json.read(bytes.text());
    }

    @Test
    void theOnlyObjectOfItsClassComesBackAsItself() throws Exception {
        assertSame(Accepted.INSTANCE, back("accepted", Accepted.INSTANCE));
        assertSame(Accepted.INSTANCE, ((Optional<?>) back("optional", Optional.of(Accepted.INSTANCE))).orElseThrow());
        assertSame(Accepted.INSTANCE, back("reply", Accepted.INSTANCE));
        assertSame(Done.INSTANCE, back("done", Done.INSTANCE));
        assertSame(Fine$.MODULE$, back("fine", Fine$.MODULE$));
        List<?> replies = (List<?>) back("replies", List.of(new Rejected("late"), Accepted.INSTANCE));
        assertSame(Accepted.INSTANCE, replies.get(1));
        assertEquals(new Rejected("late"), replies.get(0));
    }

    @Test
    void anotherObjectInThePlaceOfAConstantIsNoResult() {
        assertThrows(IllegalArgumentException.class, () -> back("status", Status.OK));
        assertThrows(IllegalArgumentException.class, () -> back("done", Done.another()));
    }

    @Test
    void whatIsNoConstantComesBackAsEver() throws Exception {
        assertEquals("other", ((Status) back("status", new Status("other"))).getName());
        assertEquals(Money.ZERO, back("money", Money.ZERO));
    }
}

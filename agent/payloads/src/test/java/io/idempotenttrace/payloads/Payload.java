package io.idempotenttrace.payloads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.canonical.Pointer;
import io.idempotenttrace.core.canonical.UnhashableException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A value of a library, and what is expected of its hash. */
final class Payload {

    private static final PayloadHasher HASHER = new PayloadHasher(CanonicalForm.PYTHON);

    private final Object value;

    private Payload(Object value) {
        this.value = value;
    }

    static Payload of(Object value) {
        return new Payload(value);
    }

    /** The JSON that is hashed; twice, since nothing may be used up. */
    Payload is(String json) {
        assertEquals(json, json(value));
        assertEquals(json, json(value), "the second time");
        return this;
    }

    Payload equalTo(Object other) {
        assertEquals(json(value), json(other));
        assertEquals(hash(value), hash(other));
        return this;
    }

    Payload differsFrom(Object... others) {
        for (Object other : others) {
            assertNotEquals(hash(value), hash(other), () -> json(value) + " and " + json(other));
        }
        return this;
    }

    /** The JSON that is hashed where these places alone are included, separated by ';'. */
    Payload includes(String pointers, String json) {
        Exclusions included = Exclusions.parse(List.of(pointers.split(";")), List.of());
        assertEquals(json, new String(HASHER.canonical(value, included), StandardCharsets.US_ASCII));
        return this;
    }

    /** What a pointer reaches, as a part of a key; null if nothing is there. */
    Payload at(String pointer, String text) {
        assertEquals(text, Pointer.parse(pointer).textAt(value), pointer);
        return this;
    }

    Payload isRefused(String reason) {
        UnhashableException refused = assertThrows(UnhashableException.class, () -> hash(value));
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
        return this;
    }

    static String json(Object value) {
        return new String(HASHER.canonical(value, Exclusions.NONE), StandardCharsets.US_ASCII);
    }

    static String hash(Object value) {
        return HASHER.hash(value, Exclusions.NONE);
    }
}

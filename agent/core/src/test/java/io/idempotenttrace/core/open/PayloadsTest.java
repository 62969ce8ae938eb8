package io.idempotenttrace.core.open;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.idempotenttrace.core.canonical.UnhashableException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PayloadsTest {

    private record Order(String id, double amount) {}

    @Test
    void canonicalJsonIsThatOfPython() {
        // json.dumps({"id": "ä", "amount": 1.0}, sort_keys=True, separators=(",", ":"))
        assertEquals("{\"amount\":1.0,\"id\":\"\\u00e4\"}", Payloads.canonicalJson(new Order("\u00e4", 1)));
        assertEquals(
                Payloads.canonicalJson(new Order("\u00e4", 1)),
                Payloads.canonicalJson(Map.of("id", "\u00e4", "amount", 1.0)));
        assertEquals("null", Payloads.canonicalJson(null));
    }

    @Test
    void hashIsSha256OfIt() {
        // hashlib.sha256(b'[1,2]').hexdigest()
        assertEquals(
                "49a64717d5d4cb19952e6eac2946415cf6879adacf9908e7d872332d32c6e684",
                Payloads.hashRequest(List.of(1, 2)));
    }

    @Test
    void whatHasNoCanonicalJsonIsRefused() {
        assertThrows(UnhashableException.class, () -> Payloads.hashRequest(new Thread()));
    }
}

package io.idempotenttrace.weaver.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.CallVerdict;
import io.idempotenttrace.CallVerdicts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an application's listener may rely on, as the agent does. */
class CallVerdictsTest {

    private static final CallVerdict CALL =
            new CallVerdict("Emitter.emit()", "orders", "acme", "secret-key", "new", null, "trace", 1, 2, 3);

    private final List<CallVerdict> heard = new ArrayList<>();
    private final Error thrown = new StackOverflowError("expected");
    private final Consumer<CallVerdict> failing = call -> {
        throw thrown;
    };
    private final Consumer<CallVerdict> hearing = heard::add;

    @AfterEach
    void remove() {
        CallVerdicts.remove(failing);
        CallVerdicts.remove(hearing);
    }

    @Test
    void theOthersAreToldWhereOneFails() {
        assertFalse(CallVerdicts.isHeard());
        CallVerdicts.onVerdict(failing);
        CallVerdicts.onVerdict(hearing);
        assertTrue(CallVerdicts.isHeard());
        assertSame(thrown, CallVerdicts.tell(CALL));
        assertEquals(List.of(CALL), heard);
    }

    @Test
    void oneThatIsRemovedIsToldNoMore() {
        CallVerdicts.onVerdict(hearing);
        assertTrue(CallVerdicts.remove(hearing));
        assertFalse(CallVerdicts.remove(hearing));
        assertNull(CallVerdicts.tell(CALL));
        assertEquals(List.of(), heard);
        assertThrows(NullPointerException.class, () -> CallVerdicts.onVerdict(null));
    }

    @Test
    void theTextForPeopleHasNeitherKeyNorTenant() {
        assertEquals("new of Emitter.emit()", CALL.toString());
        assertEquals("secret-key", CALL.key());
        assertEquals("acme", CALL.tenant());
    }
}

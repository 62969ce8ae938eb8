package io.idempotenttrace.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandles;
import org.junit.jupiter.api.Test;

/** A call site whose method can't be linked at first. */
class GuardBootstrapTest {

    private static final GuardedCall CALL = new GuardedCall() {
        @Override
        public Object end(Object returned, Throwable thrown) {
            return returned;
        }
    };

    private static CallSite linked(int refuses, int failures) {
        int[] links = new int[1];
        GuardBootstrap.connect(new GuardLinker() {
            @Override
            public GuardPoint link(MethodHandles.Lookup caller, String specification) {
                if (links[0]++ < failures) {
                    throw new OutOfMemoryError("injected");
                }
                return new GuardPoint() {
                    @Override
                    public GuardedCall enter(Object[] arguments) {
                        return CALL;
                    }
                };
            }
        });
        return GuardBootstrap.link(MethodHandles.lookup(), "guardPoint", GuardBootstrap.POINT_TYPE, "", refuses);
    }

    private static GuardPoint point(CallSite site) throws Throwable {
        return (GuardPoint) site.getTarget().invokeExact();
    }

    @Test
    void aMethodIsLinkedByTheFirstCallThatCan() throws Throwable {
        CallSite site = linked(1, 1);
        assertSame(CALL, point(site).enter(new Object[0]));
        assertSame(CALL, point(site).enter(new Object[0]));
        assertTrue(!(point(site) instanceof UnlinkedPoint));
    }

    @Test
    void untilThenItsBodiesRunAndAreCounted() throws Throwable {
        long before = CallsWithoutGuard.COUNTED.bodies();
        CallSite site = linked(0, Integer.MAX_VALUE);
        for (int i = 0; i < 3; i++) {
            assertNull(point(site).enter(new Object[0]));
        }
        assertEquals(3, CallsWithoutGuard.COUNTED.bodies() - before);
    }

    @Test
    void orItsCallsAreRefusedWithTheReason() throws Throwable {
        long before = CallsWithoutGuard.COUNTED.refused();
        CallSite site = linked(1, Integer.MAX_VALUE);
        GuardPoint point = point(site);
        RuntimeException refusal = assertThrows(RuntimeException.class, () -> point.enter(new Object[0]));
        assertTrue(refusal.getMessage().contains("java.lang.OutOfMemoryError: injected"), refusal::getMessage);
        assertEquals(OutOfMemoryError.class, refusal.getCause().getClass());
        assertEquals(1, CallsWithoutGuard.COUNTED.refused() - before);
    }
}

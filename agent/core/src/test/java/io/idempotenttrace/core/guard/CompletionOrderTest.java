package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.OnStoreFailure;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.testkit.Await;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A completion that is sent aside is known to the claims of its own process, whatever becomes of it on its way. */
@Timeout(120)
class CompletionOrderTest extends GuardOfFickleStore {

    private static final ClaimRequest REQUEST = Claims.request(ID, HASH);
    /** With {@code completion=async}, and without waiting. */
    private static final CallPolicy ASYNC =
            policy(OnInProgress.THROW, OnStoreFailure.PROCEED, /* asyncCompletion= */ true, /* maxHoldMillis= */ 0);

    private final CountDownLatch met = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    /** The thread that looks what it is stays there, as one does that has to wait for a core. */
    private final class SlowFault extends CompletionException {

        private static final long serialVersionUID = 1L;

        SlowFault() {
            super("a fault", null);
        }

        @Override
        public Throwable getCause() {
            met.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return null;
        }
    }

    private IdempotencyStore failingAtCompletions() {
        return (IdempotencyStore) Proxy.newProxyInstance(
                IdempotencyStore.class.getClassLoader(),
                new Class<?>[] {IdempotencyStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("markCompletedTogether")) {
                        throw new SlowFault();
                    }
                    return method.invoke(store, arguments);
                });
    }

    // [P42]
    @Test
    void aClaimDoesNotOvertakeACompletionThatIsOnItsWayFromASenderToThoseThatWait() throws Exception {
        guard.close();
        guard = guard(failingAtCompletions(), GuardLimits.DEFAULT, fallback);
        guard.completed(own(REQUEST, ASYNC), result("7"));
        met.await();
        FutureTask<Admission> claim = new FutureTask<>(() -> guard.admit(REQUEST, ASYNC));
        Thread claiming = new Thread(claim, "claiming");
        claiming.start();
        Await.until(
                "the claim has to wait, or has its answer",
                () -> claiming.getState() == Thread.State.BLOCKED || claim.isDone());
        goOn.countDown();
        assertEquals("7", assertInstanceOf(Admission.Stored.class, claim.get()).result());
    }
}

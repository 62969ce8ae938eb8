package io.idempotenttrace.weaver;

import io.idempotenttrace.IdempotencyException;
import io.idempotenttrace.bridge.GuardedCall;
import io.idempotenttrace.bridge.SuppressedCall;
import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.background.Waiting;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.guard.Admission;
import io.idempotenttrace.core.guard.RunningCall;
import io.idempotenttrace.core.guard.UnacknowledgedCompletionException;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.weaver.application.EngineRights;
import io.idempotenttrace.weaver.async.CallerThread;
import io.idempotenttrace.weaver.async.FutureShape;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A method that returns a future: its call lasts until that ends. Where the answer is not there when the method has to return (another
 * call holds the key, or the caller's thread must not wait for Redis), the caller gets a future, and the body runs later, if at all.
 */
final class FutureMethod extends GuardedMethod {

    private final FutureShape shape;
    /** Null where bodies can't run later: then callers are blocked instead. */
    private final @Nullable BodyCall body;

    private final boolean throwing;
    private final BlockingCalls blockingCalls;

    FutureMethod(
            MethodSpecification specification,
            Class<?> declaring,
            ReturnValue returnValue,
            Parts parts,
            FutureShape shape,
            @Nullable BodyCall body,
            boolean throwing) {
        super(specification, declaring, returnValue, parts);
        this.shape = shape;
        this.body = body;
        this.throwing = throwing;
        this.blockingCalls = new BlockingCalls(specification.qualifiedName(), parts);
    }

    @Override
    @Nullable
    GuardedCall underWay(Object[] arguments) {
        return body == null ? null : body.takeAdmitted();
    }

    @Override
    @Nullable
    GuardedCall refused(RuntimeException theirs) {
        Object failed = throwing ? null : shape.incomplete(null);
        if (failed == null) {
            return null;
        }
        shape.end(failed, null, theirs);
        return new SuppressedCall(failed);
    }

    @Override
    @Nullable
    GuardedCall admit(Object[] arguments) {
        ClaimRequest request = request(arguments);
        if (request == null) {
            return null;
        }
        CompletableFuture<Admission> admitted = admitAsync(request, !CallerThread.mustNotBlock());
        BodyCall runsLater = admitted.isDone() ? null : body;
        Object later = runsLater == null ? null : shape.incomplete(null);
        if (runsLater != null && later != null) {
            new Deferred(runsLater, request, arguments, later).awaitAnswer(admitted);
            return new SuppressedCall(later);
        }
        if (!admitted.isDone()) {
            // No future of its type can be made to be given meanwhile.
            blockingCalls.warnOnce();
        }
        Admission admission = Waiting.uninterruptibly(Platform.JVM, admitted);
        if (admission instanceof RunningCall running) {
            return owned(running, null, receiver(arguments));
        }
        if (admission instanceof Admission.Stored stored) {
            Object value = replay(stored, request.id(), receiver(arguments));
            Object given = shape.incomplete(null);
            if (given == null) {
                throw returnValue.nothingReplayed(
                        "no future of its return type can be made that would bring the stored value",
                        stored,
                        request.id(),
                        null);
            }
            shape.end(given, value, null);
            return new SuppressedCall(given);
        }
        return null;
    }

    /** @param given what the caller already has; null if the method has not returned yet */
    private OwnedCall owned(RunningCall running, @Nullable Object given, @Nullable Object receiver) {
        try {
            OwnedCall call = new OwnedCall(running, given, receiver);
            guard.enterBody(running);
            return call;
        } catch (Throwable fault) {
            guard.abandon(running);
            throw fault;
        }
    }

    /** A call whose caller has its future, and whose answer is awaited. */
    private final class Deferred {

        private final BodyCall body;
        private final ClaimRequest request;
        private final Object[] arguments;
        private final Object given;
        private final Executor executor = CallerThread.comeBack(CallerThread.callbacks());
        private final ClassLoader contextLoader = Thread.currentThread().getContextClassLoader();

        Deferred(BodyCall body, ClaimRequest request, Object[] arguments, Object given) {
            this.body = body;
            this.request = request;
            this.arguments = arguments;
            this.given = given;
        }

        void awaitAnswer(CompletableFuture<Admission> admitted) {
            // The answer may come on a thread of ours or of another call: nothing of this one runs there.
            admitted.whenCompleteAsync(EngineRights.listener(this::answered), executor);
        }

        private void answered(@Nullable Admission admission, @Nullable Throwable failure) {
            ClassLoader before = Thread.currentThread().getContextClassLoader();
            CallerThread.takeContextLoader(contextLoader);
            try {
                decided(admission, failure).run();
            } finally {
                CallerThread.takeContextLoader(before);
            }
        }

        /**
         * What is to be done. It is not done here: a callback of the application that throws while its future ends is no fault of the
         * agent, for which the body would run.
         */
        private Runnable decided(@Nullable Admission admission, @Nullable Throwable failure) {
            try {
                if (admission instanceof Admission.Stored stored) {
                    Object value = replay(stored, request.id(), receiver(arguments));
                    return () -> shape.end(given, value, null);
                }
                if (admission instanceof RunningCall running) {
                    if (shape.isDone(given)) {
                        guard.failedAsync(running, "cancelled while it waited for its claim");
                        return () -> {};
                    }
                    GuardedCall call = owned(running, given, receiver(arguments));
                    return () -> run(call);
                }
                if (admission != null) {
                    return () -> run(new UnguardedCall(given));
                }
                return refused(Failures.cause(Objects.requireNonNull(failure)));
            } catch (IdempotencyException e) {
                return refused(e);
            } catch (Throwable fault) {
                if (admission instanceof RunningCall running) {
                    // Else its claim would be renewed for a body that it does not have.
                    guard.abandon(running);
                }
                return afterFault(fault);
            }
        }

        private Runnable refused(Throwable failure) {
            if (failure instanceof IdempotencyException refusal) {
                Throwable translated = translate(refusal, arguments);
                return () -> shape.end(given, null, translated);
            }
            return afterFault(failure);
        }

        private Runnable afterFault(Throwable fault) {
            Throwable refusal = faultAtEntry(fault);
            return refusal == null ? () -> run(new UnguardedCall(given)) : () -> shape.end(given, null, refusal);
        }

        private void run(GuardedCall call) {
            try {
                body.run(arguments, call);
            } catch (Throwable thrown) {
                // From the body, whose call has told it to the guard.
                shape.end(given, null, thrown);
            }
        }
    }

    /** Gives the body's end on to what the caller got before. */
    private final class UnguardedCall extends GuardedCall {

        private final Object given;

        UnguardedCall(Object given) {
            this.given = given;
        }

        @Override
        public Object end(@Nullable Object returned, @Nullable Throwable thrown) {
            if (thrown == null && returned != null) {
                shape.onEnd(returned, (value, failure) -> shape.end(given, value, failure));
                shape.onEnd(given, (value, failure) -> shape.pass(given, value, failure, returned));
                shape.begin(returned);
            } else {
                shape.end(
                        given,
                        null,
                        thrown != null
                                ? thrown
                                : new NullPointerException(specification.qualifiedName() + " returned null"));
            }
            return given;
        }
    }

    /** A call whose body runs as the owner of its key. */
    private final class OwnedCall extends GuardedCall {

        private final RunningCall running;
        private final AsyncEnd end;
        private final @Nullable Object given;
        private final @Nullable Object receiver;
        /** What the method throws, where no future can be given that would fail with it; else null. */
        private @Nullable RuntimeException refusal;

        OwnedCall(RunningCall running, @Nullable Object given, @Nullable Object receiver) {
            this.running = running;
            this.end = new AsyncEnd(FutureMethod.this, running);
            this.given = given;
            this.receiver = receiver;
        }

        @Override
        public @Nullable Object end(@Nullable Object returned, @Nullable Throwable thrown) {
            try {
                guard.leaveBody(running);
                if (thrown == null && returned != null) {
                    Object relayed = relay(returned);
                    if (refusal == null) {
                        return relayed;
                    }
                } else {
                    Throwable failure = thrown != null
                            ? thrown
                            : new NullPointerException(specification.qualifiedName() + " returned null");
                    end.failed(failure);
                    if (given != null) {
                        shape.end(given, null, failure);
                    }
                }
            } catch (Throwable fault) {
                abandon(running, fault);
            }
            if (refusal != null) {
                throw refusal;
            }
            return given != null ? given : returned;
        }

        /** What the caller gets, which ends as the body's own does, after the completion is handed over. */
        private Object relay(Object source) {
            if (given == null && shape.isDone(source) && !CallerThread.mustNotBlock()) {
                return ended(source);
            }
            end.joinTransaction();
            Object target = given != null ? given : shape.incomplete(source);
            if (target == null) {
                shape.onEnd(source, this::handOver);
                return source;
            }
            Executor executor = CallerThread.comeBack(CallerThread.callbacks());
            shape.onEnd(source, (value, failure) -> {
                CompletableFuture<Void> handedOver = handOver(value, failure);
                BiConsumer<@Nullable Void, @Nullable Throwable> ending = (nothing, unacknowledged) -> shape.end(
                        target,
                        unacknowledged == null ? value : null,
                        unacknowledged == null ? failure : unacknowledged);
                if (handedOver.isDone()) {
                    handedOver.whenComplete(ending);
                } else {
                    // It is written by a thread of ours, on which nothing of the application runs.
                    handedOver.whenCompleteAsync(ending, executor);
                }
            });
            shape.onEnd(target, (value, failure) -> {
                if (shape.hasTimedOut(target)) {
                    end.failed(AsyncEnd.timedOut());
                }
                shape.pass(target, value, failure, source);
            });
            if (given != null) {
                shape.begin(source);
            }
            return target;
        }

        /** Of a future that has ended: its caller may be blocked until its completion is acknowledged. */
        private Object ended(Object source) {
            shape.onEnd(source, (value, failure) -> {
                try {
                    FutureMethod.this.end(running, value, failure == null ? null : Failures.cause(failure), receiver);
                } catch (UnacknowledgedCompletionException told) {
                    refusal = translate(told);
                } catch (Throwable fault) {
                    abandon(running, fault);
                }
            });
            Object told = refusal == null ? null : shape.incomplete(source);
            if (told == null) {
                return source;
            }
            shape.end(told, null, refusal);
            refusal = null;
            return told;
        }

        private CompletableFuture<Void> handOver(@Nullable Object value, @Nullable Throwable failure) {
            return end.ended(value, failure, kept -> storable(kept, receiver));
        }
    }
}

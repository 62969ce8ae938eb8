package io.idempotenttrace.weaver;

import io.idempotenttrace.bridge.GuardedCall;
import io.idempotenttrace.bridge.SuppressedCall;
import io.idempotenttrace.core.guard.BodyMark;
import io.idempotenttrace.core.store.ClaimRequest;
import io.idempotenttrace.weaver.async.PublisherShape;
import org.jspecify.annotations.Nullable;

/**
 * A method that returns a cold publisher: its body only assembles it, and each subscription is a call, with the key and hash of the
 * arguments before the body.
 */
final class PublisherMethod extends GuardedMethod {

    private final PublisherShape shape;
    private final ReturnValue itemValue;
    private final int maxResultBytes;
    private final boolean throwing;

    /**
     * @param returnValue what a subscription brings: an item, or the list of all
     * @param itemValue one item
     */
    PublisherMethod(
            MethodSpecification specification,
            Class<?> declaring,
            ReturnValue returnValue,
            ReturnValue itemValue,
            Parts parts,
            PublisherShape shape,
            int maxResultBytes,
            boolean throwing) {
        super(specification, declaring, returnValue, parts);
        this.shape = shape;
        this.itemValue = itemValue;
        this.maxResultBytes = maxResultBytes;
        this.throwing = throwing;
    }

    @Override
    @Nullable
    GuardedCall admit(Object[] arguments) {
        ClaimRequest request = request(arguments);
        return request == null || guard.isPartOfOuterCall(request.id()) ? null : new Assembly(request, arguments);
    }

    @Override
    @Nullable
    GuardedCall refused(RuntimeException theirs) {
        return throwing ? null : new SuppressedCall(shape.failed(theirs));
    }

    private @Nullable StreamResult streamResult() {
        return shape.many() ? new StreamResult(itemValue, maxResultBytes) : null;
    }

    /** The body assembles its publisher. */
    private final class Assembly extends GuardedCall {

        private final ClaimRequest request;
        private final Object[] arguments;
        private final BodyMark mark;

        Assembly(ClaimRequest request, Object[] arguments) {
            this.request = request;
            this.arguments = arguments;
            this.mark = guard.mark(request.id());
            guard.enterBody(mark);
        }

        @Override
        public @Nullable Object end(@Nullable Object returned, @Nullable Throwable thrown) {
            try {
                guard.leaveBody(mark);
                return returned == null
                        ? null
                        : shape.guard(
                                returned,
                                () -> new Subscription(
                                        PublisherMethod.this, request, arguments, shape.executor(), streamResult()));
            } catch (Throwable fault) {
                Throwable refusal = faultAtEntry(fault);
                if (refusal == null) {
                    return returned;
                }
                if (throwing) {
                    throw GuardedMethod.<RuntimeException>sneaky(refusal);
                }
                return shape.failed(refusal);
            }
        }
    }
}

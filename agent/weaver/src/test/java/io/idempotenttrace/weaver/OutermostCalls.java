package io.idempotenttrace.weaver;

import io.idempotenttrace.bridge.GuardBootstrap;
import io.idempotenttrace.bridge.GuardLinker;
import io.idempotenttrace.bridge.GuardPoint;
import io.idempotenttrace.bridge.GuardedCall;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;

/**
 * Leaves out the calls that the engine itself makes while it links a method or hashes an argument: where every method of a collection
 * is guarded, to iterate over it is to call guarded methods with it as their argument, without end.
 */
final class OutermostCalls extends GuardLinker {

    private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

    private final GuardLinker engine;

    private OutermostCalls(GuardLinker engine) {
        this.engine = engine;
    }

    /** Called when the engine has connected its own linker. */
    static void connect() throws ReflectiveOperationException {
        Field linker = GuardBootstrap.class.getDeclaredField("linker");
        linker.setAccessible(true);
        GuardBootstrap.connect(new OutermostCalls((GuardLinker) linker.get(null)));
    }

    @Override
    public GuardPoint link(MethodHandles.Lookup caller, String specification) {
        if (INSIDE.get()) {
            return GuardPoint.NONE;
        }
        GuardPoint point = linked(caller, specification);
        return new GuardPoint() {
            @Override
            public GuardedCall enter(Object[] arguments) {
                if (INSIDE.get()) {
                    return null;
                }
                INSIDE.set(true);
                try {
                    GuardedCall call = point.enter(arguments);
                    return call == null ? null : new OutermostCall(call);
                } finally {
                    INSIDE.set(false);
                }
            }
        };
    }

    private GuardPoint linked(MethodHandles.Lookup caller, String specification) {
        INSIDE.set(true);
        try {
            return engine.link(caller, specification);
        } finally {
            INSIDE.set(false);
        }
    }

    private static final class OutermostCall extends GuardedCall {

        private final GuardedCall call;

        OutermostCall(GuardedCall call) {
            this.call = call;
        }

        @Override
        public Object end(Object returned, Throwable thrown) {
            INSIDE.set(true);
            try {
                return call.end(returned, thrown);
            } finally {
                INSIDE.set(false);
            }
        }
    }
}

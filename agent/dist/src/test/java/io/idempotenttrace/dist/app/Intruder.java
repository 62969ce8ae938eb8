package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.bridge.DriverCalls;
import io.idempotenttrace.bridge.DriverWatch;
import io.idempotenttrace.bridge.GuardBootstrap;
import io.idempotenttrace.bridge.GuardLinker;
import io.idempotenttrace.bridge.GuardPoint;
import io.idempotenttrace.bridge.WithoutEngine;
import java.lang.invoke.MethodHandles;

/** Tries to answer for the agent, before the agent's engine is there and after. */
public final class Intruder {

    private Intruder() {}

    /** Apart, so that it is loaded after the first attempt. */
    private static final class Emitter {

        @IdempotentTrace
        static void emit(@IdempotencyKey String key) {
            System.out.println("body");
        }

        /** Linked by its first call, after the second attempt. */
        @IdempotentTrace
        static void emitLater(@IdempotencyKey String key) {
            System.out.println("later body");
        }
    }

    public static void main(String[] arguments) {
        intrude();
        Emitter.emit("k");
        intrude();
        Emitter.emit("k");
        Emitter.emitLater("k");
        Emitter.emitLater("k");
    }

    private static void intrude() {
        tryTo(() -> GuardBootstrap.connect(new Linker()));
        tryTo(() -> DriverCalls.connect(new Watch()));
        tryTo(() -> WithoutEngine.connect(new Entry()));
    }

    private static void tryTo(Runnable connect) {
        try {
            connect.run();
            System.out.println("let in");
        } catch (IllegalStateException e) {
            System.out.println("kept out: " + e.getMessage());
        }
    }

    private static final class Linker extends GuardLinker {

        @Override
        public GuardPoint link(MethodHandles.Lookup caller, String specification) {
            return GuardPoint.NONE;
        }
    }

    private static final class Watch extends DriverWatch {

        @Override
        protected void executing(Object statement) {}

        @Override
        protected void ending(Object connection, int how) {}

        @Override
        protected void ended(Object connection, int how, boolean threw) {}

        @Override
        protected void beginning(Object connection) {}

        @Override
        protected void savepoint(Object connection, Object savepoint) {}

        @Override
        protected void rollingBack(Object connection, Object savepoint) {}

        @Override
        protected void failed(Throwable fault) {}
    }

    private static final class Entry extends WithoutEngine {

        @Override
        protected String tryAgain(Class<?> woven) {
            return "";
        }

        @Override
        protected boolean enforces() {
            return false;
        }
    }
}

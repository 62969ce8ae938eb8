package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;

/** Guarded methods that do the work of several classes, or of one. */
public final class InheritedScopes {

    private static int bodies;

    private InheritedScopes() {}

    /** Two classes share its scope, and a third. */
    abstract static class Handler {

        @IdempotentTrace
        final void handle(@IdempotencyKey String event) {
            act();
        }

        abstract void act();
    }

    static class Mail extends Handler {

        @Override
        void act() {
            bodies++;
        }
    }

    static class Charge extends Handler {

        @Override
        void act() {
            bodies++;
        }
    }

    static class Audit extends Handler {

        @Override
        void act() {
            bodies++;
        }
    }

    interface Listener {

        @IdempotentTrace
        default void on(@IdempotencyKey String event) {
            act();
        }

        void act();
    }

    static class Stock implements Listener {

        @Override
        public void act() {
            bodies++;
        }
    }

    /** Its own guard only hands on. */
    static class Ledger implements Listener {

        @Override
        @IdempotentTrace
        public void on(@IdempotencyKey String event) {
            Listener.super.on(event);
        }

        @Override
        public void act() {
            bodies++;
        }
    }

    /** One class, with a subclass of its own and one as generators of proxies name them. */
    abstract static class Lone {

        @IdempotentTrace
        void handle(@IdempotencyKey String event) {
            bodies++;
        }
    }

    static class Single extends Lone {}

    static class Below extends Single {}

    static class Lone$$SpringCGLIB$$0 extends Lone {}

    /** Says that its scope is shared. */
    abstract static class Named {

        @IdempotentTrace(scope = "named")
        void handle(@IdempotencyKey String event) {
            bodies++;
        }
    }

    static class One extends Named {}

    static class Other extends Named {}

    /** As the line advises: each class has a guarded method of its own. */
    abstract static class Template {

        final void handle(String event) {
            act(event);
        }

        abstract void act(String event);
    }

    static class First extends Template {

        @Override
        @IdempotentTrace
        void act(@IdempotencyKey String event) {
            bodies++;
        }
    }

    static class Second extends Template {

        @Override
        @IdempotentTrace
        void act(@IdempotencyKey String event) {
            bodies++;
        }
    }

    private interface Call {
        void with(String event);
    }

    private static void run(String name, Call... calls) {
        bodies = 0;
        for (Call call : calls) {
            call.with(name);
            call.with(name);
        }
        System.out.println(name + ": bodies " + bodies + " of " + calls.length);
    }

    public static void main(String[] arguments) {
        run("template", new Mail()::handle, new Charge()::handle, new Audit()::handle);
        run("default", new Stock()::on, new Ledger()::on);
        run("lone", new Single()::handle, new Below()::handle, new Lone$$SpringCGLIB$$0()::handle);
        run("named", new One()::handle, new Other()::handle);
        run("advised", new First()::handle, new Second()::handle);
    }
}

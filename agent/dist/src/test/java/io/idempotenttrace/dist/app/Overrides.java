package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.util.function.Consumer;

/** Overrides of annotated methods, with the annotation and without it. */
public final class Overrides {

    private static int bodies;

    private Overrides() {}

    static class Base {

        @IdempotentTrace
        Object emit(@IdempotencyKey String key) {
            bodies++;
            return null;
        }

        @IdempotentTrace
        static void fixed(@IdempotencyKey String key) {}
    }

    /** Loads before the class that it extends, which it is the cause of. */
    static class Plain extends Base {

        @Override
        String emit(String key) {
            bodies++;
            return "plain";
        }

        static void fixed(String key) {}
    }

    /** Loads when Base is woven; it and what is below it inherit. */
    static class Inherits extends Base {}

    static class Late extends Inherits {

        @Override
        Object emit(String key) {
            bodies++;
            return "late";
        }
    }

    static class Annotated extends Base {

        @Override
        @IdempotentTrace
        Object emit(@IdempotencyKey String key) {
            bodies++;
            return null;
        }
    }

    static class HandsOn extends Base {

        @Override
        Object emit(String key) {
            return super.emit(key + "handed on");
        }
    }

    interface Sink<T> {

        @IdempotentTrace
        default void put(@IdempotencyKey T key) {
            bodies++;
        }
    }

    static class OwnSink implements Sink<String> {

        @Override
        public void put(String key) {
            bodies++;
        }
    }

    /** Its other method calls the guarded one, and this one does not. */
    static class Replaying extends Base {

        @Override
        Object emit(String key) {
            bodies++;
            return "replaying";
        }

        Object replay(String key) {
            return super.emit(key);
        }
    }

    static class Recorder {

        public void record(String key) {
            bodies++;
        }

        /** Loaded by nobody: no method's types are resolved to look at another one. */
        void other(Overrides[] unused) {}
    }

    interface Recorded {

        @IdempotentTrace
        default void record(@IdempotencyKey String key) {
            bodies++;
        }
    }

    /** Has the superclass' method, though the interface's is the guarded one. */
    static class ClassWins extends Recorder implements Recorded {}

    static class BelowClassWins extends ClassWins implements Recorded {}

    static class AnnotatedRecorder {

        @IdempotentTrace
        public void record(@IdempotencyKey String key) {
            bodies++;
        }
    }

    static class GuardedClassWins extends AnnotatedRecorder implements Recorded {}

    static class Unrelated {}

    static class DefaultWins extends Unrelated implements Recorded {}

    public static void main(String[] arguments) {
        run("plain", new Plain()::emit);
        run("base", new Base()::emit);
        run("inherits", new Inherits()::emit);
        run("late", new Late()::emit);
        run("annotated", new Annotated()::emit);
        run("hands on", new HandsOn()::emit);
        run("own sink", new OwnSink()::put);
        run("replaying", new Replaying()::emit);
        run("class wins", key -> ((Recorded) new ClassWins()).record(key));
        run("below it", key -> ((Recorded) new BelowClassWins()).record(key));
        run("guarded class wins", key -> ((Recorded) new GuardedClassWins()).record(key));
        run("default wins", key -> ((Recorded) new DefaultWins()).record(key));
    }

    private static void run(String name, Consumer<String> call) {
        bodies = 0;
        call.accept(name);
        call.accept(name);
        System.out.println(name + ": bodies " + bodies);
    }
}

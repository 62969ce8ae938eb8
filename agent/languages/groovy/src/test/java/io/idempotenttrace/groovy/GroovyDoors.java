package io.idempotenttrace.groovy;

import groovy.lang.Closure;
import io.idempotenttrace.testkit.MethodDoors;
import java.util.List;
import java.util.Map;

/** Calls what Groovy's compiler makes of each method, as Java and Groovy callers do. */
public final class GroovyDoors {

    private GroovyDoors() {}

    public static void main(String[] arguments) {
        MethodDoors doors = new MethodDoors(Bodies.runs, arguments);
        SinkA sink = new SinkA();
        SinkB other = new SinkB();
        doors.shape(
                        "trait",
                        key -> sink.emit(key, "n"),
                        key -> other.emit(key, "n"),
                        key -> ((Sink) other).emit(key, "n"))
                .shape("trait without key", sink::hashed, other::hashed)
                .shape("trait defaults", key -> sink.two(key), key -> sink.two(key, 3), key -> other.two(key, 3, "x"))
                .shape("trait static", SinkA::stat)
                .shape("trait private", sink::callHidden)
                .shape("trait abstract", sink::abs)
                .shape(
                        "trait with a check before each method",
                        key -> new InterruptedSink().two(key),
                        key -> sink.two(key, 3, "x"))
                .shape(
                        "defaults with such a check",
                        key -> new InterruptedSink().defaults(key),
                        key -> new InterruptedSink().defaults(key, 3))
                .shape("static trait", key -> other.compiled(key, "n"), key -> other.compiled(key, "n", 4L))
                .shape("delegate", key -> new Owner().own(key), key -> new Owned().own(key));
        Emitter emitter = new Emitter();
        Closure<String> closure = new Closure<>(emitter) {
            @Override
            public String call(Object... key) {
                return Bodies.ran(key[0]);
            }
        };
        doors.shape("defaults", key -> emitter.dyn(key), key -> emitter.dyn(key, "x"), key -> emitter.dyn(key, "x", 3))
                .shape(
                        "computed defaults",
                        key -> emitter.computed(key),
                        key -> emitter.computed(key, key + "y"),
                        key -> emitter.computed(key, key + "y", 5))
                .shape(
                        "static compilation",
                        key -> emitter.compiled(key),
                        key -> emitter.compiled(key, "x"),
                        key -> emitter.compiled(key, "x", 4L),
                        key -> emitter.compiled(key, "x", 4L, Map.of()),
                        key -> emitter.compiled(key, "x", 4L, Map.of(), List.of(key, 1)))
                .shape(
                        "static method",
                        key -> Emitter.stat(key),
                        key -> Emitter.stat(key, "x"),
                        key -> Emitter.stat(key, "x", 3.0))
                .shape("number", key -> emitter.number(key), key -> emitter.number(key, 2))
                .shape(
                        "nothing",
                        key -> nothing(() -> emitter.nothing(key)),
                        key -> nothing(() -> emitter.nothing(key, null)))
                .shape("protected", emitter::callProt)
                .shape("private, in a closure", emitter::callHidden)
                .shape("closure inside", emitter::closure)
                .shape("closure given", key -> emitter.given(key, closure))
                .shape("@Synchronized", emitter::synced, new Above()::synced)
                .shape("@WithReadLock", emitter::locked)
                .shape("@Memoized", emitter::memo, new Emitter()::memo)
                .shape("@TailRecursive", key -> emitter.tail(key, 2))
                .shape("@NamedVariant", key -> emitter.named(key, 1), key -> emitter.named(Map.of("n", 1), key))
                .shape(
                        "future",
                        key -> emitter.future(key).get(),
                        key -> emitter.future(key, "a").get());
        doors.end();
    }

    private static Object nothing(Runnable call) {
        call.run();
        return null;
    }
}

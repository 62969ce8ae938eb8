package io.idempotenttrace.kotlin.copies;

import io.idempotenttrace.testkit.MethodDoors;

/** Calls what Kotlin's compiler makes of each method, as Java and Kotlin callers do. */
public final class KotlinDoors {

    private KotlinDoors() {}

    public static void main(String[] arguments) {
        MethodDoors doors = new MethodDoors(Bodies.runs, arguments);
        Emitter emitter = new Emitter(1);
        doors.shape(
                        "over",
                        key -> emitter.over(key),
                        key -> emitter.over(key, "none"),
                        key -> emitter.over(key, "none", 3))
                .shape(
                        "wide",
                        key -> emitter.wide(key),
                        key -> emitter.wide(key, 4),
                        key -> emitter.wide(key, 4, 2.0),
                        key -> emitter.wide(key, 4, 2.0, key + 1))
                .shape("hashed", key -> emitter.hashed(key), key -> emitter.hashed(key, "none"))
                .shape(
                        "nothing",
                        key -> nothing(() -> emitter.nothing(key)),
                        key -> nothing(() -> emitter.nothing(key, null)))
                .shape("hidden", emitter::callHidden, emitter::callHiddenFull)
                .shape("inside", emitter::callInside)
                .shape("renamed", emitter::renamed)
                .shape("synthetic", emitter::callSynthetic)
                .shape("synced", emitter::synced)
                .shape("tail", key -> emitter.tail(key, 2))
                .shape("many", key -> emitter.many(key, new int[] {1}), key -> emitter.many(key, new int[] {1}, "x"))
                .shape("mangled", emitter::callMangledShort, emitter::callMangled)
                .shape("setter", key -> nothing(() -> emitter.setState(key)))
                .shape("local", emitter::callLocal)
                .shape("companion", Emitter::stat, Emitter.Companion::stat)
                .shape(
                        "companion defaults",
                        key -> Emitter.scoped(key),
                        key -> Emitter.scoped(key, 4),
                        key -> Emitter.Companion.scoped(key),
                        key -> Emitter.Companion.scoped(key, 4))
                .shape("companion private", Emitter.Companion::callConcealed)
                .shape("object", key -> Single.one(key), key -> Single.one(key, 4))
                .shape("named companion", Named::make, Named.Factory::make)
                .shape("top level", key -> ShapesKt.topLevel(key), key -> ShapesKt.topLevel(key, 3))
                .shape("extension", key -> ShapesKt.ext("s", key), key -> ShapesKt.ext("s", key, 3))
                .shape("facade", key -> Facade.part(key), key -> Facade.part(key, 3))
                .shape("value class", ShapesKt::emitUnboxed, ShapesKt::emitBoxed)
                .shape("enum constant", Level.LOW::emit);
        interfaces(doors);
        doors.end();
    }

    private static void interfaces(MethodDoors doors) {
        Sink by = new By(new By(new Stateless()));
        doors.shape(
                        "interface body",
                        key -> new Stateless().emit(key, "n"),
                        key -> new Eu("eu").emit(key, "n"),
                        key -> new Us("us").emit(key, "n"),
                        key -> new Above().emit(key, "n"),
                        key -> by.emit(key, "n"))
                .shape(
                        "interface body without key",
                        key -> new Eu("eu").hashed(key),
                        key -> new Us("us").hashed(key),
                        by::hashed)
                .shape("interface defaults", key -> new Eu("eu").args(key, 5), new Us("us")::callArgs, by::callArgs)
                .shape("interface private", new Eu("eu")::callHidden)
                .shape("interface companion", Sink::stat, Sink.Companion::stat)
                .shape("implemented", new Concrete()::abs)
                .shape("delegated to what has no annotation", new AbstractBy(new Bare())::abs)
                .shape("generic override", new GenericImpl()::gen, key -> ShapesKt.callGeneric(new GenericImpl(), key))
                .shape(
                        "generic inherited",
                        new GenericInherited()::gen,
                        key -> ShapesKt.callGeneric(new GenericInherited(), key))
                .shape("super call", new Derived()::over, new Base()::over);
    }

    private static Object nothing(Runnable call) {
        call.run();
        return null;
    }
}

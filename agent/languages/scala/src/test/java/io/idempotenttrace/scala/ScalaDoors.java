package io.idempotenttrace.scala;

import io.idempotenttrace.testkit.MethodDoors;

/** Calls what the compilers of Scala 2 and 3 make of each method, as Java and Scala callers do. */
public final class ScalaDoors {

    private ScalaDoors() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        MethodDoors doors = new MethodDoors(Bodies.runs(), arguments);
        traits(doors);
        objects(doors);
        classes(doors);
        try {
            Class<?> more = Class.forName("io.idempotenttrace.scala.Scala3Doors");
            more.getMethod("call", MethodDoors.class).invoke(null, doors);
        } catch (ClassNotFoundException e) {
            // The module of Scala 2 has no such class.
        }
        doors.end();
    }

    private static void traits(MethodDoors doors) {
        Sink sink = new SinkA("eu");
        SinkB other = new SinkB("us");
        doors.shape(
                        "trait",
                        key -> sink.emit(key, "n"),
                        key -> other.emit(key, "n"),
                        key -> SinkObject.emit(key, "n"),
                        key -> SinkObject$.MODULE$.emit(key, "n"))
                .shape("trait without key", sink::hashed, other::hashed, SinkObject::hashed)
                .shape(
                        "trait defaults",
                        sink::callDefaults,
                        key -> other.defaults(key, 3, "x"),
                        SinkObject::callDefaults)
                .shape("trait final", sink::fixed, other::fixed, SinkObject::fixed)
                .shape("trait private", sink::callHidden, other::callHiddenInClosure, SinkObject::callHidden)
                .shape("trait abstract", sink::abs)
                .shape("object's own", SinkObject::abs, SinkObject$.MODULE$::abs)
                .shape("linearized", key -> Calls.mixed().emit(key, "n"), key -> new Mixed().emit(key, "n"))
                .shape(
                        "generic override",
                        new GenericImpl()::emit,
                        key -> ((Generic<String>) new GenericImpl()).emit(key))
                .shape(
                        "generic inherited",
                        key -> new GenericInherited().emit(key),
                        key -> ((Generic<String>) new GenericInherited()).emit(key));
    }

    private static void objects(MethodDoors doors) {
        doors.shape("object", Alone::emit, Alone$.MODULE$::emit)
                .shape(
                        "object defaults",
                        key -> Alone.defaults(key, 3),
                        key -> Alone$.MODULE$.defaults(key, 3),
                        Alone::callDefaults)
                .shape("object private", Alone::callHidden)
                .shape("varargs", key -> Alone.many(key, "a"), key -> Alone$.MODULE$.many(key, "a"))
                .shape("companion", key -> Companion.own(key, "n"), key -> Companion$.MODULE$.own(key, "n"))
                .shape("of class and companion", new Companion()::instance)
                .shape("of companion and class", Companion$.MODULE$::instance)
                .shape("case class", new Case(1)::emit)
                .shape("value class", Calls::value, Calls::boxedValue)
                .shape("implicit class", Calls::rich);
    }

    private static void classes(MethodDoors doors) {
        Emitter emitter = new Emitter();
        doors.shape("defaults", emitter::callDefaults, emitter::callNamed, key -> emitter.defaults(key, "none", 3))
                .shape("curried", emitter::callCurried)
                .shape("generic", key -> emitter.<Object>generic(key))
                .shape("protected", emitter::callGuarded)
                .shape("tail", key -> emitter.tail(key, 2))
                .shape("private", emitter::callHidden)
                .shape("synchronized", emitter::sync)
                .shape("@inline", emitter::small)
                .shape("local", emitter::callLocal)
                .shape(
                        "specialized",
                        key -> Calls.specialized(number(key)),
                        key -> Calls.specializedBoxed(number(key)),
                        key -> Calls.specializedGeneric(number(key)));
    }

    private static int number(String key) {
        return key.charAt(key.length() - 1);
    }
}

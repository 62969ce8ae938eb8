package io.idempotenttrace.scala;

import io.idempotenttrace.testkit.MethodDoors;

/** The shapes that only Scala 3 has. */
public final class Scala3Doors {

    private Scala3Doors() {}

    public static void call(MethodDoors doors) {
        doors.shape("enum", Color.valueOf("Red")::paint, Color.valueOf("Blue")::paint)
                .shape("enum's companion", Color::make, Color$.MODULE$::make)
                .shape("top level", key -> Shapes3$package.topLevel(key, 3), Shapes3$package::callTopLevel)
                .shape("extension", key -> Shapes3$package.extension("s", key), Shapes3$package::callExtension)
                .shape(
                        "export",
                        key -> new Exporting(new SinkA("e")).emit(key, "n"),
                        key -> new SinkA("f").emit(key, "n"))
                .shape("exported", new Exporting(new SinkA("e"))::abs, new SinkA("f")::abs);
    }
}

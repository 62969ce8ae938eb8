package io.idempotenttrace.dist.app;

import java.nio.file.Path;
import jdk.jfr.Recording;

/** Calls before, during and after a recording that the program itself begins. */
public final class RecordedCalls {

    private RecordedCalls() {}

    public static void main(String[] arguments) throws Exception {
        ToldCalls.emit("before", ToldCalls.TRACE, "payload");
        try (Recording recording = new Recording()) {
            recording.start();
            ToldCalls.emit("during", ToldCalls.TRACE, "payload");
            recording.stop();
            ToldCalls.emit("after", ToldCalls.TRACE, "payload");
            recording.dump(Path.of(arguments[0]));
        }
    }
}

package io.idempotenttrace.applications.plain;

import java.io.IOException;

/** Emits each span twice, and does one request over HTTP, which an agent for observability sees. */
public final class PlainApplication {

    private PlainApplication() {}

    public static void main(String[] arguments) throws IOException {
        PlainEmitter emitter = new PlainEmitter();
        for (int span = 1; span <= 3; span++) {
            emitter.emit("span-" + span, "payload");
            emitter.emit("span-" + span, "payload");
        }
        System.out.println("bodies " + emitter.bodies() + ", " + emitter.conflict("span-1"));
        LoopbackServer.answer(() -> {}, /* requests= */ 1);
    }
}

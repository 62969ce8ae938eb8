package com.example.worker;

import com.example.emitter.Emitter;
import io.idempotenttrace.TraceConflictException;

/** Delivers each span twice. */
public final class Worker {

    private Worker() {
    }

    public static void main(String[] arguments) {
        Emitter emitter = new Emitter();
        for (int span = 1; span <= 2; span++) {
            System.out.println(emitter.emit("span-" + span, "payload"));
            System.out.println(emitter.emit("span-" + span, "payload"));
        }
        System.out.println("bodies " + emitter.bodies() + " of module " + Emitter.class.getModule().getName());
        try {
            emitter.emit("span-1", "other payload");
        } catch (TraceConflictException e) {
            System.out.println("conflict, exception of module " + e.getClass().getModule().getName());
        }
    }
}

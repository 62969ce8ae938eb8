package io.idempotenttrace.applications.probe;

import java.lang.instrument.Instrumentation;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.matcher.ElementMatchers;

/** Says each entry of a method of the plain application's emitter. */
public final class EntryAgent {

    private EntryAgent() {}

    public static void premain(String argument, Instrumentation instrumentation) {
        new AgentBuilder.Default()
                // As agents for observability do; their transformers then keep the order of the command line.
                .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION)
                .disableClassFormatChanges()
                .type(ElementMatchers.nameEndsWith(".PlainEmitter"))
                .transform((builder, type, loader, module, domain) ->
                        builder.visit(Advice.to(Entry.class).on(ElementMatchers.isMethod())))
                .installOn(instrumentation);
    }

    /** Its code is copied into each method. */
    public static final class Entry {

        private Entry() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Origin("#m") String method) {
            System.out.println("entered " + method);
        }
    }
}

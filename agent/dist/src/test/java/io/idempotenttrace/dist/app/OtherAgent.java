package io.idempotenttrace.dist.app;

import java.lang.instrument.Instrumentation;

/** An agent beside ours: loads the classes that its argument names, separated by ':', and retransforms what it is told to. */
public final class OtherAgent {

    private static Instrumentation instrumentation;

    private OtherAgent() {}

    public static void premain(String argument, Instrumentation given) throws ClassNotFoundException {
        instrumentation = given;
        if (argument != null) {
            for (String name : argument.split(":")) {
                Class.forName(name, /* initialize= */ false, ClassLoader.getSystemClassLoader());
            }
        }
    }

    static void retransform(Class<?> type) throws Exception {
        instrumentation.retransformClasses(type);
    }
}

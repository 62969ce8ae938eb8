package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;

/** Says which of the agent's classes and libraries an application can see, after it has made a guarded call. */
public final class ClassPathProbe {

    private static final String[] NAMES = {
        "io.idempotenttrace.weaver.Engine",
        "io.idempotenttrace.core.guard.Guard",
        "io.lettuce.core.RedisClient",
        "io.netty.util.Version",
        "reactor.core.publisher.Mono",
        "tools.jackson.databind.ObjectMapper",
        "com.fasterxml.jackson.databind.ObjectMapper",
        "net.bytebuddy.ByteBuddy",
        "picocli.CommandLine",
        "org.slf4j.Logger"
    };

    private ClassPathProbe() {}

    public static void main(String[] arguments) throws Exception {
        emit("k");
        emit("k");
        for (String name : NAMES) {
            System.out.println(name + ": " + origin(name));
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!thread.isDaemon()
                    && !thread.getName().equals("main")
                    && !thread.getName().equals("DestroyJavaVM")) {
                System.out.println("a thread that keeps the JVM up: " + thread.getName());
            }
        }
        System.out.println("resource: " + ClassLoader.getSystemResource("io/lettuce/core/RedisClient.class"));
    }

    private static String origin(String name) {
        try {
            Class<?> type = Class.forName(name);
            String jar =
                    type.getProtectionDomain().getCodeSource().getLocation().getPath();
            return jar.substring(jar.lastIndexOf('/') + 1);
        } catch (ClassNotFoundException e) {
            return "not visible";
        }
    }

    @IdempotentTrace
    private static void emit(@IdempotencyKey String key) {
        System.out.println("body");
    }
}

package io.idempotenttrace.weaver;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.figures.MetricsEndpoint;
import io.idempotenttrace.core.guard.GuardFigures;
import io.idempotenttrace.core.guard.GuardLog;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens what the settings ask for to monitoring systems. What can't be opened is said, and calls are guarded all the same. */
final class Monitoring {

    private static final String LOCAL = "127.0.0.1";

    private Monitoring() {}

    /** @param figures null where there is no guard */
    static void start(Configuration configuration, Supplier<@Nullable GuardFigures> figures, GuardLog log) {
        String address = configuration.text(Setting.METRICS_PORT);
        if (address.isEmpty()) {
            return;
        }
        // The server's thread has to be a daemon without the application's class loader, as the one is that starts it.
        boolean started = BackgroundLoop.runOnce("idempotent-trace-metrics", () -> {
            try {
                log.say("metrics for Prometheus: " + MetricsEndpoint.open(host(address), port(address), figures));
            } catch (Throwable failure) {
                log.say(problem(address, failure.toString()));
            }
        });
        if (!started) {
            log.say(problem(address, "no thread started"));
        }
    }

    private static String problem(String address, String cause) {
        return "no metrics are served at metrics-port=" + address + " (" + cause
                + "); calls are guarded all the same. The port must be free, and the Java must have the module jdk.httpserver";
    }

    private static String host(String address) {
        int end = address.lastIndexOf(':');
        String host = end < 0 ? LOCAL : address.substring(0, end);
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
}

package io.idempotenttrace.applications.plain;

import com.sun.net.httpserver.HttpServer;
import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceId;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;

/** Emits one span for each of two requests, inside of what an agent for observability makes a span of. It knows no such library. */
public final class TracedApplication {

    public static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private TracedApplication() {}

    @IdempotentTrace
    private static void emit(@IdempotencyKey String id, @TraceId String trace) {}

    public static void main(String[] arguments) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            emit("span-1", TRACE);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        try {
            for (int request = 0; request < 2; request++) {
                URL url = new URL(
                        "http",
                        InetAddress.getLoopbackAddress().getHostAddress(),
                        server.getAddress().getPort(),
                        "/");
                HttpURLConnection connection = (HttpURLConnection) url.openConnection();
                System.out.println("answered " + connection.getResponseCode());
            }
        } finally {
            server.stop(0);
        }
    }
}

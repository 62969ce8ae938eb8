package io.idempotenttrace.applications.plain;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;

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
        request();
    }

    private static void request() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        try {
            URL url = new URL(
                    "http",
                    InetAddress.getLoopbackAddress().getHostAddress(),
                    server.getAddress().getPort(),
                    "/");
            HttpURLConnection connection = (HttpURLConnection) url.openConnection();
            try (InputStream in = connection.getInputStream()) {
                System.out.println("answered " + connection.getResponseCode() + " " + in.readAllBytes().length);
            }
        } finally {
            server.stop(0);
        }
    }
}

package io.idempotenttrace.applications.plain;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;

/** Requests over HTTP, which an agent for observability sees. */
final class LoopbackServer {

    private LoopbackServer() {}

    /**
     * Sends so many requests, one after the other, to a server of this process, and prints each answer.
     *
     * @param work what the server does for each
     */
    static void answer(Runnable work, int requests) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            work.run();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        try {
            for (int request = 0; request < requests; request++) {
                URL url = new URL(
                        "http",
                        InetAddress.getLoopbackAddress().getHostAddress(),
                        server.getAddress().getPort(),
                        "/");
                HttpURLConnection connection = (HttpURLConnection) url.openConnection();
                try (InputStream in = connection.getInputStream()) {
                    System.out.println("answered " + connection.getResponseCode() + " " + in.readAllBytes().length);
                }
            }
        } finally {
            server.stop(0);
        }
    }
}

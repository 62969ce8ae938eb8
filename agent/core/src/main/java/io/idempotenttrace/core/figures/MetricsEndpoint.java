package io.idempotenttrace.core.figures;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.idempotenttrace.core.guard.GuardFigures;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The page for Prometheus, at {@code /metrics}. It serves one reader at a time, and nothing but that page. The only class that names the
 * JDK's server: an image of a JDK may lack its module, so that loading this class fails.
 */
public final class MetricsEndpoint {

    private static final String PATH = "/metrics";

    private final Supplier<@Nullable GuardFigures> figures;

    private MetricsEndpoint(Supplier<@Nullable GuardFigures> figures) {
        this.figures = figures;
    }

    /**
     * Begins to serve. The JDK starts a thread, which is a daemon if the caller's is one, and inherits its context class loader.
     *
     * @param host a name or an address of this machine
     * @param port 0 for any that is free
     * @param figures null where there is no guard
     * @return the page's address
     * @throws IOException if nobody can listen there
     */
    @SuppressWarnings("AddressSelection") // It listens at one address.
    public static String open(String host, int port, Supplier<@Nullable GuardFigures> figures) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 0);
        server.createContext("/", new MetricsEndpoint(figures)::answer);
        server.start();
        String shown = host.indexOf(':') >= 0 ? '[' + host + ']' : host;
        return "http://" + shown + ':' + server.getAddress().getPort() + PATH;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                send(exchange, 404, PATH + "\n");
            } else if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, 405, "GET or HEAD\n");
            } else {
                GuardFigures now = figures.get();
                if (now == null) {
                    send(exchange, 503, "no engine\n");
                } else {
                    send(exchange, 200, PrometheusText.of(now));
                }
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", PrometheusText.MEDIA_TYPE);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }
}

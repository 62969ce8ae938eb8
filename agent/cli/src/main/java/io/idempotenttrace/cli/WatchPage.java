package io.idempotenttrace.cli;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.idempotenttrace.config.OneLineJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * The view as one page with plots, by the HTTP server of the JDK: the only class that names it, since its module may be missing.
 *
 * <p>It shows keys of the application to whoever reaches it. So it is at an address of this machine alone, where no other was asked for; and
 * it answers only requests that name that address, so that a page of somebody else, whose name the attacker has made to lead here, can't read
 * it by the browser of the person who watches (DNS rebinding). The page loads nothing from elsewhere.
 */
final class WatchPage implements AutoCloseable {

    /** What a page that is opened later still gets: five minutes. */
    private static final int MOST_FRAMES = 300;

    private static final int NONCE_BYTES = 16;
    private static final String NONCE = "%NONCE%";

    private final HttpServer server;
    private final InetAddress address;
    private final String host;
    private final String page;
    /** Guarded by itself: the newest last. */
    private final Deque<Frame> frames = new ArrayDeque<>();

    private WatchPage(HttpServer server, InetAddress address, String host, String page) {
        this.server = server;
        this.address = address;
        this.host = host;
        this.page = page;
    }

    /**
     * Opens it.
     *
     * @throws IOException if the address is none of this machine, or is taken
     */
    static WatchPage open(WatchCommand.PageAddress asked) throws IOException {
        InetAddress address;
        try {
            address = InetAddress.getByName(asked.host());
        } catch (UnknownHostException e) {
            throw new IOException("there is no host of that name; give one of this machine, such as 127.0.0.1", e);
        }
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(address, asked.port()), 0);
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; give a port that is free, on an address of this machine", e);
        }
        WatchPage page = new WatchPage(server, address, asked.host(), text());
        server.createContext("/", page::answer);
        server.start();
        return page;
    }

    private static String text() throws IOException {
        try (InputStream in = WatchPage.class.getResourceAsStream("watch.html")) {
            if (in == null) {
                throw new IOException("the jar lacks the page");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    String url() {
        return "http://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port() + "/";
    }

    private int port() {
        return server.getAddress().getPort();
    }

    /** Whether no other machine reaches it. */
    boolean isLocal() {
        return address.isLoopbackAddress();
    }

    /** What the page gets next. */
    void show(Frame frame) {
        synchronized (frames) {
            frames.addLast(frame);
            if (frames.size() > MOST_FRAMES) {
                frames.removeFirst();
            }
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!isMeant(exchange.getRequestHeaders().getFirst("Host"))) {
                send(exchange, 421, "text/plain; charset=utf-8", "this page is at " + url() + "\n");
                return;
            }
            if (!exchange.getRequestMethod().equals("GET")) {
                send(exchange, 405, "text/plain; charset=utf-8", "only GET\n");
                return;
            }
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/")) {
                sendPage(exchange);
            } else if (path.equals("/frames")) {
                send(
                        exchange,
                        200,
                        "application/json",
                        framesAfter(exchange.getRequestURI().getQuery()));
            } else {
                send(exchange, 404, "text/plain; charset=utf-8", "there is nothing\n");
            }
        }
    }

    /** Whether a request names this address. Of an address for all networks, numbers are accepted: no name can be rebound to them. */
    private boolean isMeant(String named) {
        if (named == null) {
            return false;
        }
        String name = named.toLowerCase(Locale.ROOT);
        String end = ":" + port();
        if (!name.endsWith(end)) {
            return false;
        }
        String asked = name.substring(0, name.length() - end.length()).replaceAll("^\\[|\\]$", "");
        boolean number = asked.matches("[0-9.]+") || asked.indexOf(':') >= 0;
        return asked.equals(host)
                || asked.equals("localhost") && isLocal()
                || number && (address.isAnyLocalAddress() || asked.equals(address.getHostAddress()));
    }

    private void sendPage(HttpExchange exchange) throws IOException {
        byte[] random = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(random);
        String nonce = HexFormat.of().formatHex(random);
        exchange.getResponseHeaders()
                .set(
                        "Content-Security-Policy",
                        "default-src 'none'; script-src 'nonce-" + nonce + "'; style-src 'nonce-" + nonce
                                + "'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        send(exchange, 200, "text/html; charset=utf-8", page.replace(NONCE, nonce));
    }

    private String framesAfter(String query) {
        long after = query != null && query.matches("after=\\d{1,18}") ? Long.parseLong(query.substring(6)) : 0;
        List<Object> newer = new ArrayList<>();
        synchronized (frames) {
            for (Frame frame : frames) {
                if (frame.number() > after) {
                    newer.add(frame.toMap());
                }
            }
        }
        return OneLineJson.of(newer);
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type);
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Referrer-Policy", "no-referrer");
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(/* delay= */ 0);
    }
}

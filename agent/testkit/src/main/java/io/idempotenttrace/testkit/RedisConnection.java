package io.idempotenttrace.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A plain RESP2 client for tests: what a test looks up must not pass through the code that it tests. */
public final class RedisConnection implements Closeable {

    private final Socket socket = new Socket();
    private final InputStream in;

    public RedisConnection(String host, int port) throws IOException {
        try {
            socket.connect(new InetSocketAddress(host, port), 30_000);
            socket.setSoTimeout(30_000);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** How long a reply may take; half a minute unless told. */
    public void timeout(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    /**
     * Sends one command.
     *
     * @return a String, a Long, a List of these, or null
     * @throws IOException if the server answers with an error, or not at all
     */
    public synchronized Object call(String... command) throws IOException {
        send(command);
        return reply();
    }

    /** Sends one command, whose reply is not waited for. */
    public synchronized void send(String... command) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write(("*" + command.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (String part : command) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            request.write(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            request.write(bytes);
            request.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        socket.getOutputStream().write(request.toByteArray());
    }

    /** The next reply, to whichever command; as of {@link #call}. */
    public synchronized Object reply() throws IOException {
        String line = line();
        String rest = line.substring(1);
        switch (line.charAt(0)) {
            case '+':
                return rest;
            case '-':
                throw new IOException(rest);
            case ':':
                return Long.valueOf(rest);
            case '$':
                int length = Integer.parseInt(rest);
                return length < 0 ? null : new String(bytes(length), StandardCharsets.UTF_8);
            case '*':
                int count = Integer.parseInt(rest);
                List<Object> elements = count < 0 ? null : new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    elements.add(reply());
                }
                return elements;
            default:
                throw new IOException("no RESP2 reply: " + line);
        }
    }

    private byte[] bytes(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length || in.read() != '\r' || in.read() != '\n') {
            throw new EOFException("the server closed the connection in a reply");
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\r'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the server closed the connection");
            }
            line.write(b);
        }
        in.read();
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

package io.idempotenttrace.dist.versions;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.OnInProgress;
import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.TraceId;
import io.idempotenttrace.TraceInProgressException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A worker that takes calls over a socket, whose port it prints. A connection is one call: it sends {@code method key payload}, gets
 * {@code body} if the body runs, sends the trace id with which that ends, or {@code fail}, and gets how the call ended. With {@code auto}
 * behind the payload, the body ends by itself with a trace id of its own.
 */
public final class VersionWorker {

    private final ThreadLocal<Call> current = new ThreadLocal<>();

    /** One connection. {@code ran}: whether its body has run. */
    private static final class Call {

        private final BufferedReader in;
        private final PrintWriter out;
        private boolean auto;
        private boolean ran;

        Call(Socket socket) throws IOException {
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            out = new PrintWriter(socket.getOutputStream(), /* autoFlush= */ true, StandardCharsets.UTF_8);
        }
    }

    public static void main(String[] arguments) throws IOException {
        VersionWorker worker = new VersionWorker();
        try (ServerSocket server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress())) {
            System.out.println("port " + server.getLocalPort());
            while (true) {
                Socket socket = server.accept();
                new Thread(() -> worker.serve(socket), "call").start();
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Call call = new Call(socket);
            current.set(call);
            String[] words = call.in.readLine().split(" ");
            call.auto = words.length > 3;
            call.out.println(answer(call, words[0], words[1], words[2]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String answer(Call call, String method, String key, String payload) {
        try {
            String traceId = switch (method) {
                case "shared" -> shared(key, payload);
                case "shared-waiting" -> sharedWaiting(key, payload);
                case "scoped" -> scoped(key, payload);
                case "scoped-waiting" -> scopedWaiting(key, payload);
                default -> throw new IllegalArgumentException("no method " + method);
            };
            return (call.ran ? "ran " : "duplicate ") + traceId;
        } catch (TraceInProgressException e) {
            return "in-progress";
        } catch (TraceConflictException e) {
            return "conflict";
        } catch (IllegalStateException e) {
            return "failed";
        }
    }

    @IdempotentTrace(scope = IdempotentTrace.SHARED, onInProgress = OnInProgress.THROW)
    @TraceId
    private String shared(@IdempotencyKey String key, String payload) {
        return body(key);
    }

    @IdempotentTrace(scope = IdempotentTrace.SHARED)
    @TraceId
    private String sharedWaiting(@IdempotencyKey String key, String payload) {
        return body(key);
    }

    @IdempotentTrace(scope = "versions", onInProgress = OnInProgress.THROW)
    @TraceId
    private String scoped(@IdempotencyKey String key, String payload) {
        return body(key);
    }

    @IdempotentTrace(scope = "versions")
    @TraceId
    private String scopedWaiting(@IdempotencyKey String key, String payload) {
        return body(key);
    }

    private String body(String key) {
        Call call = current.get();
        call.ran = true;
        if (call.auto) {
            return key + '-' + ProcessHandle.current().pid();
        }
        call.out.println("body");
        try {
            String end = call.in.readLine();
            if (end.equals("fail")) {
                throw new IllegalStateException("the body was told to fail");
            }
            return end;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

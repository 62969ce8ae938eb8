package io.idempotenttrace.core.redisclient;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a server says of itself.
 *
 * @param majorVersion 0 where it does not say
 * @param cluster whether it is a node of a Cluster
 * @param pushes whether the connection speaks RESP3, so that the server may push messages
 */
record ServerHello(int majorVersion, boolean cluster, boolean pushes) {

    static final ServerHello UNKNOWN = new ServerHello(0, false, false);

    /** Asks by HELLO, which needs no right beyond those of a connection; a server that refuses it stays unknown. */
    static ServerHello ask(ServerCommands server, long timeoutMillis) {
        try {
            return of(server.hello().get(timeoutMillis, TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }

    /** @param reply to HELLO: names and values, in turn or as a map */
    static ServerHello of(List<Object> reply) {
        List<String> words = new ArrayList<>();
        flatten(reply, words);
        try {
            int version = words.indexOf("version");
            int proto = words.indexOf("proto");
            int mode = words.indexOf("mode");
            return new ServerHello(
                    version < 0 ? 0 : Integer.parseInt(words.get(version + 1).split("\\.")[0]),
                    mode >= 0 && words.get(mode + 1).equals("cluster"),
                    proto >= 0 && words.get(proto + 1).equals("3"));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return UNKNOWN;
        }
    }

    /** The number of the connection that this is the reply on; -1 where it has none. */
    static long connectionNumber(List<Object> reply) {
        List<String> words = new ArrayList<>();
        flatten(reply, words);
        int id = words.indexOf("id");
        try {
            return id < 0 ? -1 : Long.parseLong(words.get(id + 1));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return -1;
        }
    }

    private static void flatten(Object reply, List<String> words) {
        if (reply instanceof List<?> list) {
            list.forEach(element -> flatten(element, words));
        } else {
            words.add(
                    reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(reply));
        }
    }
}

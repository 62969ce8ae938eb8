package io.idempotenttrace.core.store.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandType;
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

    private static final ServerHello UNKNOWN = new ServerHello(0, false, false);

    /** Asks by HELLO, which needs no right beyond those of a connection; a server that refuses it stays unknown. */
    static ServerHello of(RedisClusterAsyncCommands<byte[], byte[]> commands, long timeoutMillis) {
        try {
            List<String> words = new ArrayList<>();
            flatten(commands.dispatch(CommandType.HELLO, new NestedMultiOutput<>(ByteArrayCodec.INSTANCE))
                    .get(timeoutMillis, TimeUnit.MILLISECONDS), words);
            int version = words.indexOf("version");
            int proto = words.indexOf("proto");
            int mode = words.indexOf("mode");
            return new ServerHello(version < 0 ? 0 : Integer.parseInt(words.get(version + 1).split("\\.")[0]),
                    mode >= 0 && words.get(mode + 1).equals("cluster"), proto >= 0 && words.get(proto + 1).equals("3"));
        } catch (ExecutionException | TimeoutException | NumberFormatException | IndexOutOfBoundsException e) {
            return UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }

    private static void flatten(Object reply, List<String> words) {
        if (reply instanceof List<?> list) {
            list.forEach(element -> flatten(element, words));
        } else {
            words.add(reply instanceof byte[] bytes ? Wtf8.decode(bytes) : String.valueOf(reply));
        }
    }
}

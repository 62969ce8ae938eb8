package io.idempotenttrace.core.store.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The few commands that are sent here. Lettuce's own interface has them with some seven hundred others: its classes, their
 * interfaces and the builder of all commands would be a fifth of what the first call has to load.
 */
final class ServerCommands {

    /** What sends a command: one connection, or a Cluster's node of the command's key. */
    interface Sender {

        <T> RedisFuture<T> send(ProtocolKeyword command, CommandOutput<byte[], byte[], T> output, CommandArgs<byte[], byte[]> arguments);
    }

    private final Sender sender;

    ServerCommands(Sender sender) {
        this.sender = sender;
    }

    RedisFuture<List<Object>> eval(String script, byte[][] keys, byte[]... arguments) {
        return sender.send(CommandType.EVAL, replies(), scriptArguments(arguments().add(script.getBytes(StandardCharsets.UTF_8)), keys, arguments));
    }

    RedisFuture<List<Object>> evalsha(String sha, byte[][] keys, byte[]... arguments) {
        return sender.send(CommandType.EVALSHA, replies(), scriptArguments(arguments().add(sha), keys, arguments));
    }

    private static CommandArgs<byte[], byte[]> scriptArguments(CommandArgs<byte[], byte[]> script, byte[][] keys, byte[][] arguments) {
        return script.add(keys.length).addKeys(keys).addValues(arguments);
    }

    /** WAIT: how many replicas have what this connection wrote. */
    RedisFuture<Long> waitForReplicas(int replicas, long timeoutMillis) {
        return sender.send(CommandType.WAIT, new IntegerOutput<>(ByteArrayCodec.INSTANCE), arguments().add(replicas).add(timeoutMillis));
    }

    RedisFuture<String> info(String section) {
        return sender.send(CommandType.INFO, status(), arguments().add(section));
    }

    /** Names and values in turn. */
    RedisFuture<List<Object>> configGet(String name) {
        return sender.send(CommandType.CONFIG, replies(), arguments().add(CommandType.GET).add(name));
    }

    /** What a server says of itself, see {@link ServerHello}. */
    RedisFuture<List<Object>> hello() {
        return sender.send(CommandType.HELLO, replies(), arguments());
    }

    /** Asks to be told when what this connection reads from now on changes. */
    RedisFuture<String> trackChanges() {
        return sender.send(CommandType.CLIENT, status(), arguments().add("TRACKING").add("ON"));
    }

    static CommandArgs<byte[], byte[]> arguments() {
        return new CommandArgs<>(ByteArrayCodec.INSTANCE);
    }

    static StatusOutput<byte[], byte[]> status() {
        return new StatusOutput<>(ByteArrayCodec.INSTANCE);
    }

    static NestedMultiOutput<byte[], byte[]> replies() {
        return new NestedMultiOutput<>(ByteArrayCodec.INSTANCE);
    }
}

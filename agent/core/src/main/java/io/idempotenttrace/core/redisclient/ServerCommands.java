package io.idempotenttrace.core.redisclient;

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
import java.util.concurrent.CompletableFuture;

/**
 * The few commands that are sent here. Lettuce's own interface has them with some seven hundred others: its classes, their
 * interfaces and the builder of all commands would be a fifth of what the first call has to load.
 *
 * <p>Each answers with a future that completes with the reply, or with a failure that {@link RedisFailure} tells apart. To cancel it
 * takes back a command that was not sent yet. Safe for use by many threads.
 */
public final class ServerCommands {

    /** What sends a command: one connection, or a Cluster's node of the command's key; the simulator of {@code agent/chaos} has its own. */
    public interface Sender {

        <T> CompletableFuture<T> send(
                ProtocolKeyword command,
                CommandOutput<byte[], byte[], T> output,
                CommandArgs<byte[], byte[]> arguments);
    }

    /** Lettuce does not have it. Its interface deprecates a method that each enum has. */
    @SuppressWarnings("deprecation")
    private enum LaterCommand implements ProtocolKeyword {
        WAITAOF;

        @Override
        public byte[] getBytes() {
            return name().getBytes(StandardCharsets.US_ASCII);
        }
    }

    private final Sender sender;

    /** Of commands that go that way. */
    public ServerCommands(Sender sender) {
        this.sender = sender;
    }

    /**
     * EVAL.
     *
     * @param arguments what the script finds in {@code ARGV}; kept, not copied
     */
    public CompletableFuture<List<Object>> eval(String script, byte[][] keys, byte[]... arguments) {
        return sender.send(
                CommandType.EVAL,
                replies(),
                scriptArguments(arguments().add(script.getBytes(StandardCharsets.UTF_8)), keys, arguments));
    }

    /**
     * EVALSHA: as {@link #eval}, of a script that the server knows.
     *
     * @param sha the SHA-1 of its text, hex
     */
    public CompletableFuture<List<Object>> evalsha(String sha, byte[][] keys, byte[]... arguments) {
        return sender.send(
                CommandType.EVALSHA, replies(), scriptArguments(arguments().add(sha), keys, arguments));
    }

    private static CommandArgs<byte[], byte[]> scriptArguments(
            CommandArgs<byte[], byte[]> script, byte[][] keys, byte[][] arguments) {
        return script.add(keys.length).addKeys(keys).addValues(arguments);
    }

    /** WAIT: how many replicas have what this connection wrote. */
    public CompletableFuture<Long> waitForReplicas(int replicas, long timeoutMillis) {
        return sender.send(
                CommandType.WAIT,
                new IntegerOutput<>(ByteArrayCodec.INSTANCE),
                arguments().add(replicas).add(timeoutMillis));
    }

    /**
     * WAITAOF: whether what this connection wrote is on the server's disk, and how many replicas have it on theirs.
     *
     * @return completes with two numbers: 1 or 0, and the replicas
     */
    public CompletableFuture<List<Long>> waitForDisk(int replicas, long timeoutMillis) {
        return sender.send(
                        LaterCommand.WAITAOF,
                        replies(),
                        arguments()
                                .add(/* the server itself= */ 1)
                                .add(replicas)
                                .add(timeoutMillis))
                .thenApply(reply -> reply.stream().map(number -> (Long) number).toList());
    }

    /** The server's number of this connection: another one after each reconnect. -1 where the server does not say. */
    public CompletableFuture<Long> connectionNumber() {
        return hello().thenApply(ServerHello::connectionNumber);
    }

    /** INFO: lines of {@code name:value}. */
    public CompletableFuture<String> info(String section) {
        return sender.send(CommandType.INFO, status(), arguments().add(section));
    }

    /** CONFIG GET: names and values in turn. */
    public CompletableFuture<List<Object>> configGet(String name) {
        return sender.send(
                CommandType.CONFIG, replies(), arguments().add(CommandType.GET).add(name));
    }

    /** Completes once the server answers anything; needs no right beyond those of a connection. */
    public CompletableFuture<?> alive() {
        return hello();
    }

    /** What a server says of itself, see {@link ServerHello}. */
    CompletableFuture<List<Object>> hello() {
        return sender.send(CommandType.HELLO, replies(), arguments());
    }

    /** Asks to be told when what this connection reads from now on changes. */
    CompletableFuture<String> trackChanges() {
        return sender.send(
                CommandType.CLIENT, status(), arguments().add("TRACKING").add("ON"));
    }

    /**
     * A command by its name, for people who look at the server. To a Cluster as a whole it goes to some node: see {@link #onKey} and {@link
     * RedisLink#primaries()}.
     *
     * @return its reply: the elements of a list; any other reply is a list of one
     */
    public CompletableFuture<List<Object>> command(String name, byte[]... arguments) {
        return sender.send(new Named(name), replies(), arguments().addValues(arguments));
    }

    /** As {@link #command}, of a command whose first argument is a key: a Cluster's node of that key gets it. */
    public CompletableFuture<List<Object>> onKey(String name, byte[] key, byte[]... arguments) {
        return sender.send(new Named(name), replies(), arguments().addKey(key).addValues(arguments));
    }

    /** A command that is known by its name alone. */
    private record Named(String word) implements ProtocolKeyword {

        @Override
        public byte[] getBytes() {
            return word.getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public String toString() {
            return word;
        }
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

package io.idempotenttrace.chaos.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a simulated process knows by the replies to its claims. */
class SimSenderTest {

    /** A server that tells each claim that another process holds its key. */
    private static final String IN_PROGRESS =
            "return { 'in-progress', ARGV[1], 'trace', 'pending', 'claim', 5000, ARGV[5] }";

    private final Lane lane = new Lane();
    private final World world = new World(Plan.of(1), lane, /* told= */ false);
    private final Process process = new Process(world, 1, 0);
    private final SimWire wire = new SimWire(process);

    @AfterEach
    void close() {
        lane.close();
    }

    @Test
    void aCallKnowsWhoHoldsItsKeyByTheReplyThatItGets() {
        connect();
        CompletableFuture<List<Object>> answer = claim("owner");
        world.scheduler.run();
        assertEquals(7, answer.join().size());
        assertEquals(Set.of("owner"), process.heldByOthersUntil.keySet());
    }

    @Test
    void aReplyThatComesForACommandThatWasGivenUpTellsItsCallNothing() {
        connect();
        CompletableFuture<List<Object>> givenUp = claim("owner");
        CompletableFuture<List<Object>> other = claim("other");
        givenUp.cancel(true);
        world.scheduler.run();
        assertEquals(7, other.join().size(), "the replies keep their order");
        assertEquals(Set.of("other"), process.heldByOthersUntil.keySet());
    }

    private void connect() {
        CompletableFuture<Boolean> there = wire.connect();
        world.scheduler.run();
        assertTrue(there.join());
    }

    private CompletableFuture<List<Object>> claim(String owner) {
        ByteArrayCodec codec = ByteArrayCodec.INSTANCE;
        CommandArgs<byte[], byte[]> arguments = new CommandArgs<>(codec)
                .add(bytes(IN_PROGRESS))
                .add(1)
                .addKey(bytes("key"))
                .addValue(bytes(World.hashOf(0)))
                .addValue(bytes("form"))
                .addValue(bytes("members"))
                .addValue(bytes("trace"))
                .addValue(bytes(owner));
        return new SimSender(wire).send(CommandType.EVAL, new ArrayOutput<>(codec), arguments);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

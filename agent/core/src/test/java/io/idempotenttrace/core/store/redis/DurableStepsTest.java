package io.idempotenttrace.core.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.redisclient.ServerCommands;
import io.idempotenttrace.testkit.Await;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The queue of those who wait for replicas or disks: nothing that gets lost or moves may stop it. */
@Timeout(120)
class DurableStepsTest {

    private static final String OWNER = "of-this-call";

    /** A Cluster whose nodes are told here, each with all that one asks of it. */
    private static final class Nodes extends ConnectedAccess {

        /** The node of each key; of others it is "a". */
        private final Map<String, String> known = new ConcurrentHashMap<>();

        private final Map<String, String> really = new ConcurrentHashMap<>();
        /** The next way to a node; null for one that is there at once. */
        private final AtomicReference<CompletableFuture<ServerCommands>> nextWay = new AtomicReference<>();

        private final Link link = new Link();

        private static String text(byte[] key) {
            return new String(key, StandardCharsets.UTF_8);
        }

        private final class Link extends OpenLink {

            Link() {
                super(System::nanoTime);
            }

            @Override
            public boolean isCluster() {
                return true;
            }

            @Override
            public CompletableFuture<ServerCommands> commandsToPrimaryOf(byte[] key) {
                CompletableFuture<ServerCommands> way = nextWay.getAndSet(null);
                return way != null ? way : CompletableFuture.completedFuture(node(partOf(key)));
            }

            @Override
            protected String partOf(byte[] key) {
                return known.getOrDefault(text(key), "a");
            }
        }

        private ServerCommands node(String name) {
            return new ServerCommands(new Node(name));
        }

        private final class Node implements ServerCommands.Sender {

            private final String name;

            Node(String name) {
                this.name = name;
            }

            @Override
            @SuppressWarnings("unchecked") // The reply is of the kind that the command has.
            public <T> CompletableFuture<T> send(
                    ProtocolKeyword command,
                    CommandOutput<byte[], byte[], T> output,
                    CommandArgs<byte[], byte[]> arguments) {
                return (CompletableFuture<T>) reply(command.toString(), arguments.getFirstEncodedKey());
            }

            private CompletableFuture<?> reply(String command, java.nio.ByteBuffer key) {
                return switch (command) {
                    case "HELLO" -> CompletableFuture.completedFuture(List.of("id".getBytes(), 17L));
                    case "WAIT" -> CompletableFuture.completedFuture(1L);
                    default ->
                        really.getOrDefault(StandardCharsets.UTF_8.decode(key).toString(), "a")
                                        .equals(name)
                                ? CompletableFuture.completedFuture(
                                        List.<Object>of("applied".getBytes(), "renew".getBytes(), OWNER.getBytes()))
                                : CompletableFuture.failedFuture(
                                        new RedisCommandExecutionException("MOVED 1 127.0.0.1:1"));
                };
            }
        }

        @Override
        public void later(Runnable task, long nanos) {
            CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(task);
        }

        @Override
        public String partOf(byte[] key) {
            return link.partOf(key);
        }

        @Override
        public RedisLink link() {
            return link;
        }

        @Override
        public void refreshTopology() {
            known.putAll(really);
        }
    }

    private final Nodes nodes = new Nodes();
    private DurableSteps steps;

    private void open(long commandTimeoutMillis) {
        RedisStoreSettings settings = SettingsWithoutServer.of(
                commandTimeoutMillis, new Durability(1, /* disk= */ false, /* timeoutMillis= */ 10));
        steps = DurableSteps.of(settings, warning -> {}, check -> nodes, Platform.JVM);
    }

    @AfterEach
    void close() {
        steps.close();
    }

    private CompletableFuture<Shortfall> await(String key) {
        byte[][] keys = {key.getBytes(StandardCharsets.UTF_8)};
        return steps.await(new RepeatedStep(
                LuaScript.RENEW, keys, new byte[][] {OWNER.getBytes(StandardCharsets.UTF_8)}, LuaScript.NO_LIMIT));
    }

    @Test
    void aWayToTheNodeThatNeverGetsThereHoldsUpLaterStepsForAMomentAlone() {
        open(/* commandTimeoutMillis= */ 200);
        nodes.nextWay.set(new CompletableFuture<>());
        await("k");
        Await.until("a later step counts", () -> await("k").get(60, TimeUnit.SECONDS) == Shortfall.NONE);
    }

    @Test
    void recordsThatHaveMovedHoldUpNoOthers() throws Exception {
        open(/* commandTimeoutMillis= */ 60_000);
        nodes.really.put("moved", "b");
        CompletableFuture<ServerCommands> way = new CompletableFuture<>();
        nodes.nextWay.set(way);
        CompletableFuture<Shortfall> first = await("stays");
        // These two meet behind it, and are sent together.
        CompletableFuture<Shortfall> moved = await("moved");
        CompletableFuture<Shortfall> last = await("stays too");
        way.complete(nodes.node("a"));
        for (CompletableFuture<Shortfall> each : List.of(first, moved, last)) {
            assertEquals(Shortfall.NONE, each.get(50, TimeUnit.SECONDS));
        }
    }
}

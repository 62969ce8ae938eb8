package io.idempotenttrace.benchmarks.program;

import io.idempotenttrace.core.spec.Specification;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Ways to keep a record, of which each claims and completes as many keys as it is asked for. */
public enum RecordFormat {
    /** The product's scripts, with the arguments of a guarded call. */
    OURS("ours: a hash") {
        @Override
        RedisFuture<?> claim(Server server, int call) {
            return server.run(
                    server.claim, key(call), HASH, TTL, "default", trace(call), owner(call), LEASE, HOLDER, "", "", "");
        }

        @Override
        RedisFuture<?> complete(Server server, int call) {
            return server.run(server.complete, key(call), owner(call), TTL, "", "", "");
        }
    },
    /** A prototype with the same checks and a fencing token, but without takeover, conflict and waits. */
    PACKED("a packed text, without takeover, conflict and waits") {
        @Override
        RedisFuture<?> claim(Server server, int call) {
            return server.run(
                    server.packedClaim,
                    key(call),
                    owner(call),
                    HASH,
                    TTL,
                    LEASE,
                    "default " + trace(call) + ' ' + HOLDER);
        }

        @Override
        RedisFuture<?> complete(Server server, int call) {
            return server.run(server.packedComplete, key(call), owner(call), TTL, "");
        }
    },
    /** Scripts of one and two commands that check nothing. */
    BARE("a packed text, nothing checked") {
        @Override
        RedisFuture<?> claim(Server server, int call) {
            return server.run(
                    server.bareClaim,
                    key(call),
                    owner(call) + ' ' + LEASE + ' ' + HASH + ' ' + trace(call) + ' ' + HOLDER,
                    TTL);
        }

        @Override
        RedisFuture<?> complete(Server server, int call) {
            return server.run(server.bareComplete, key(call), owner(call), TTL, "");
        }
    },
    /** No script, no owner, no lease. */
    BY_HAND("SET NX EX, then SET") {
        @Override
        RedisFuture<?> claim(Server server, int call) {
            return server.connection
                    .async()
                    .set(
                            key(call),
                            HASH + ' ' + trace(call),
                            SetArgs.Builder.nx().ex(SECONDS));
        }

        @Override
        RedisFuture<?> complete(Server server, int call) {
            return server.connection.async().setex(key(call), SECONDS, "done " + HASH + ' ' + trace(call));
        }
    };

    private static final long SECONDS = 86_400;
    private static final String TTL = Long.toString(SECONDS);
    private static final String LEASE = "30000";
    private static final String HASH = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
    private static final String HOLDER = "worker-7c9f5d8b6-x2x4z/12345/0.1.0/main";
    /** Commands in flight: as many as threads that call at once. */
    private static final int IN_FLIGHT = 16;

    private final String title;

    RecordFormat(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }

    abstract RedisFuture<?> claim(Server server, int call);

    abstract RedisFuture<?> complete(Server server, int call);

    private static String key(int call) {
        return "idem:default%:com.acme.Worker.emit:order-" + (10_000_000 + call);
    }

    private static String owner(int call) {
        return "0123456789abc%09d".formatted(call);
    }

    private static String trace(int call) {
        return "trace-%026d".formatted(call);
    }

    /**
     * What one call costs Redis.
     *
     * @param cpuMicros CPU of its main thread for a claim and a completion
     * @param commandMicros of it, what Redis says that the commands took
     * @param pendingBytes of the record after the claim
     * @param completedBytes of the record after the completion
     */
    public record Cost(double cpuMicros, double commandMicros, double pendingBytes, double completedBytes) {}

    /** Claims that many keys, and then completes them. */
    public Cost measure(Server server, int calls) {
        server.connection.sync().flushall();
        server.connection.sync().configResetstat();
        double before = server.cpuMicros();
        inFlight(calls, call -> claim(server, call));
        long pending = server.connection.sync().memoryUsage(key(1));
        inFlight(calls, call -> complete(server, call));
        double cpu = server.cpuMicros() - before;
        double commands = server.commandMicros();
        return new Cost(
                cpu / calls, commands / calls, pending, server.connection.sync().memoryUsage(key(1)));
    }

    private static void inFlight(int calls, IntFunction<RedisFuture<?>> command) {
        for (int from = 0; from < calls; from += IN_FLIGHT) {
            List<RedisFuture<?>> sent = new ArrayList<>();
            for (int call = from; call < Math.min(calls, from + IN_FLIGHT); call++) {
                sent.add(command.apply(call));
            }
            if (!LettuceFutures.awaitAll(Duration.ofSeconds(60), sent.toArray(RedisFuture[]::new))) {
                throw new IllegalStateException("Redis did not answer within 60 s");
            }
        }
    }

    /** The measured server, with the scripts loaded. */
    public static final class Server implements AutoCloseable {

        private static final String PROTOTYPES = "/io/idempotenttrace/benchmarks/format/";

        private final RedisClient client;
        private final StatefulRedisConnection<String, String> connection;
        private final String claim;
        private final String complete;
        private final String packedClaim;
        private final String packedComplete;
        private final String bareClaim;
        private final String bareComplete;

        public Server(String url) {
            client = RedisClient.create(url);
            connection = client.connect();
            claim = connection.sync().scriptLoad(Specification.scripts().get("claim.lua"));
            complete = connection.sync().scriptLoad(Specification.scripts().get("complete.lua"));
            packedClaim = prototype("packed-claim.lua");
            packedComplete = prototype("packed-complete.lua");
            bareClaim = prototype("bare-claim.lua");
            bareComplete = prototype("bare-complete.lua");
        }

        private String prototype(String script) {
            try (InputStream in = RecordFormat.class.getResourceAsStream(PROTOTYPES + script)) {
                return connection.sync().scriptLoad(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private RedisFuture<?> run(String sha, String key, String... arguments) {
            return connection.async().evalsha(sha, ScriptOutputType.MULTI, new String[] {key}, arguments);
        }

        /** The main thread's, which runs the commands and, by default, reads and writes the sockets. */
        private double cpuMicros() {
            double seconds = 0;
            for (String line : connection.sync().info("cpu").lines().toList()) {
                if (line.startsWith("used_cpu_user_main_thread:") || line.startsWith("used_cpu_sys_main_thread:")) {
                    seconds += Double.parseDouble(line.substring(line.indexOf(':') + 1));
                }
            }
            return seconds * 1e6;
        }

        /** Of the commands that clients sent; what a script calls is part of the script. */
        private double commandMicros() {
            Map<String, Long> micros =
                    CommandCounts.of(connection.sync().info("commandstats")).micros();
            long scripts = micros.getOrDefault("evalsha", 0L);
            return scripts > 0 ? scripts : micros.getOrDefault("set", 0L) + micros.getOrDefault("setex", 0L);
        }

        @Override
        public void close() {
            connection.close();
            client.shutdown();
        }
    }
}

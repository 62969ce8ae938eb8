package io.idempotenttrace.dist.faults;

import io.idempotenttrace.dist.AgentRun;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.FaultCount;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** One scenario of workers in JVMs of their own, on one Redis, with a tenant and files of their own. */
final class FaultRun {

    private final TestRedis redis;
    private final Path agent;
    private final Path folder;
    private final String settings;
    private final String tenant = "faults-" + UUID.randomUUID();

    /** @param settings of the agent, beside store and tenant */
    FaultRun(TestRedis redis, Path agent, Path parent, String settings) {
        this.redis = redis;
        this.agent = agent;
        this.settings = settings;
        try {
            folder = Files.createTempDirectory(parent, "run-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ForkedJvm start(String worker, String... arguments) {
        return builder(worker, arguments).start();
    }

    ForkedJvm.Builder builder(String worker, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "worker=" + worker, "bodies=" + folder.resolve("bodies"), "answers=" + folder.resolve("answers")));
        return ForkedJvm.on(Jdks.newest())
                // One collector thread: the workers have two cores between them.
                .jvm("-XX:+UseSerialGC")
                .agent(agent, redis.settings() + ",tenant=" + tenant + ",log-period=1ms," + settings)
                .main(AgentRun.classPath(), FaultWorker.class.getName(), all.toArray(new String[0]));
    }

    /** For a worker's argument hold: its bodies do not end before {@link #release()}. */
    String hold() {
        return "hold=" + folder.resolve("release");
    }

    void release() {
        try {
            Files.createFile(folder.resolve("release"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String redisKey(String key) {
        return "idem:" + tenant + "%:fault:" + key;
    }

    /** A field of a key's record; null if there is none. */
    String field(String key, String field) {
        return (String) redis.call("HGET", redisKey(key), field);
    }

    /** When the holder's lease ends unless it renews it, by the clock of this machine. */
    long leaseEnd(String key) {
        String[] claim = field(key, "claim").split(" ");
        return claim[4].isEmpty()
                ? Long.parseLong(claim[2]) * 1000 + Long.parseLong(claim[3]) / 1000 + Long.parseLong(claim[1])
                : Long.parseLong(claim[4]);
    }

    /** Waits until somebody has said that he waits for that key's owner. */
    void awaitWaiter(String key) {
        Await.until(
                "somebody waits for " + key,
                () -> !field(key, "claim").split(" ")[5].isEmpty());
    }

    /** Waits for a worker's held body of that key, and tells when it began. */
    static long awaitBody(ForkedJvm worker, String key) {
        String line = worker.awaitOut(out -> out.startsWith("in the body of " + key + " at "));
        return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
    }

    FaultCount count() {
        return FaultCount.read(folder.resolve("bodies"), folder.resolve("answers"));
    }
}

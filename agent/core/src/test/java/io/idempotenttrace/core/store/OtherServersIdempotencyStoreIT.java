package io.idempotenttrace.core.store;

import io.idempotenttrace.testkit.RedisBinary;
import io.idempotenttrace.testkit.RedisCluster;
import io.idempotenttrace.testkit.RedisDeployment;
import io.idempotenttrace.testkit.RedisSentinel;
import io.idempotenttrace.testkit.TestRedis;
import java.util.stream.Stream;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the servers that TEST_SERVERS names, each alone, as a Cluster and behind Sentinels. */
@ParameterizedClass(allowZeroInvocations = true)
@MethodSource("servers")
class OtherServersIdempotencyStoreIT extends SharedRecordContract {

    private static RedisDeployment running;

    /** A server in one of the forms in which it is run. */
    record Server(RedisBinary binary, String form) {

        RedisDeployment start() {
            return switch (form) {
                case "Cluster" -> RedisCluster.start(binary, RedisCluster.NOBODY_DIES);
                case "Sentinel" -> RedisSentinel.start(binary, 1).inWhichNobodyDies();
                default -> TestRedis.start(binary);
            };
        }
    }

    @Parameter
    Server server;

    static Stream<Server> servers() {
        return RedisBinary.others().stream()
                .flatMap(
                        binary -> Stream.of("standalone", "Cluster", "Sentinel").map(form -> new Server(binary, form)));
    }

    @BeforeParameterizedClassInvocation
    static void start(Server server) {
        running = server.start();
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        running.close();
    }

    @Override
    RedisDeployment redis() {
        return running;
    }
}

package io.idempotenttrace.core.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.core.operate.Finding.Result;
import io.idempotenttrace.testkit.RedisCluster;
import io.idempotenttrace.testkit.RedisDeployment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a Cluster: each primary has a part of the records. */
@Tag("matrix")
class OperatedClusterIT extends OperatedStoreContract {

    private static RedisCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start(RedisCluster.NOBODY_DIES);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    RedisDeployment redis() {
        return cluster;
    }

    @Test
    void slotsThatNobodyServesAreFound() {
        // As it is, with replicas that may all be away, and nothing on disk.
        assertEquals(List.of("persistence", "replicas"), Examinations.checks(cluster.url(), Result.WARN));
        assertEquals(List.of(), Examinations.checks(cluster.url(), Result.FAIL));
        String[] slots = IntStream.range(100, 110).mapToObj(Integer::toString).toArray(String[]::new);
        try {
            cluster.callPrimaries(command("DELSLOTS", slots));
            List<Finding> failed = Examinations.findings(cluster.url(), Result.FAIL);
            assertTrue(
                    failed.stream()
                            .anyMatch(finding -> finding.check().equals("cluster")
                                    && finding.message().contains("10 of 16384")),
                    failed.toString());
        } finally {
            cluster.nodes().get(0).call(command("ADDSLOTS", slots));
            cluster.awaitWhole();
        }
    }

    private static String[] command(String name, String[] slots) {
        return Stream.concat(Stream.of("CLUSTER", name), Arrays.stream(slots)).toArray(String[]::new);
    }
}

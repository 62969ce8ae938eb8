package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.testkit.FreePort;
import io.idempotenttrace.testkit.RedisBinary;
import io.idempotenttrace.testkit.RedisDeployment;
import io.idempotenttrace.testkit.TestRedis;
import io.idempotenttrace.testkit.TestTls;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server whose certificate a private authority has signed, and that wants one of its clients. */
class TlsIdempotencyStoreIT extends RedisStoreContract {

    @TempDir
    static Path folder;

    private static TestTls tls;
    private static int tlsPort;
    private static TestRedis redis;

    @BeforeAll
    static void start() {
        Assumptions.assumeTrue(RedisBinary.newest().hasTls(), "skipped: this redis-server was built without TLS");
        tls = TestTls.in(folder);
        tlsPort = FreePort.find();
        redis = TestRedis.start(tls.configuration(tlsPort));
    }

    @AfterAll
    static void stop() {
        if (redis != null) {
            redis.close();
        }
    }

    @Override
    RedisDeployment redis() {
        return redis;
    }

    @Override
    Configuration access(Configuration configuration) {
        return trusting(configuration)
                .with(Setting.REDIS_CERT_FILE, tls.clientCertificate().toString())
                .with(Setting.REDIS_KEY_FILE, tls.clientKey().toString());
    }

    private static Configuration trusting(Configuration configuration) {
        return configuration
                .with(Setting.REDIS_URL, "rediss://127.0.0.1:" + tlsPort)
                .with(Setting.REDIS_CA_FILE, tls.ca().toString())
                .with(Setting.COMMAND_TIMEOUT, "30s")
                .with(Setting.CONNECT_TIMEOUT, "30s");
    }

    private String refusal(Configuration configuration) {
        try (IdempotencyStore refused = IdempotencyStores.open(configuration)) {
            return assertThrows(IdempotencyStoreException.class, () -> refused.status(new RecordId(tenant, null, "k")))
                    .getMessage();
        }
    }

    @Test
    void aClientWithoutCertificateIsRefused() {
        String message = refusal(trusting(Configuration.defaults()));
        assertTrue(message.contains("127.0.0.1:" + tlsPort), message);
    }

    @Test
    void aServerOfAnUnknownAuthorityIsRefused() {
        String message = refusal(access(Configuration.defaults()).with(Setting.REDIS_CA_FILE, ""));
        assertTrue(message.contains("certif") || message.contains("path"), message);
    }

    @Test
    void aServerOfAnotherNameIsRefusedUnlessNamesAreNotChecked() {
        // Any address of 127.0.0.0/8 leads here; the certificate names one.
        TestRedis elsewhere = TestRedis.start(elsewhere());
        try (elsewhere) {
            Configuration other =
                    access(Configuration.defaults()).with(Setting.REDIS_URL, "rediss://127.0.0.2:" + otherPort);
            assertTrue(refusal(other).contains("127.0.0.2"));
            for (String check : new String[] {"ca", "none"}) {
                try (IdempotencyStore store = IdempotencyStores.open(other.with(Setting.REDIS_VERIFY_PEER, check))) {
                    assertEquals(
                            Verdict.NEW,
                            store.check(Claims.of(
                                            new RecordId(tenant, null, check),
                                            "a".repeat(64),
                                            "python",
                                            "",
                                            "0".repeat(32),
                                            86_400_000,
                                            300_000,
                                            30_000,
                                            ""))
                                    .verdict());
                }
            }
        }
    }

    private static int otherPort;

    private static String[] elsewhere() {
        otherPort = FreePort.find();
        String[] configuration = tls.configuration(otherPort);
        String[] all = java.util.Arrays.copyOf(configuration, configuration.length + 3);
        System.arraycopy(new String[] {"--bind", "127.0.0.1", "127.0.0.2"}, 0, all, configuration.length, 3);
        return all;
    }
}

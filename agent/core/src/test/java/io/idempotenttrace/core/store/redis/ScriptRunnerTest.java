package io.idempotenttrace.core.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.redisclient.RedisLink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** What becomes of a connection on which a command that is no script is not answered in time. */
class ScriptRunnerTest {

    private static final long TIMEOUT_MILLIS = 20;

    private final List<RedisLink> replaced = new ArrayList<>();

    /** @param repliedAt the moment of the connection's last reply */
    private RedisLink notAnsweredOn(LongSupplier repliedAt) {
        RedisLink link = new OpenLink(repliedAt);
        RedisStoreSettings settings =
                SettingsWithoutServer.of(TIMEOUT_MILLIS, new Durability(0, /* disk= */ false, /* timeoutMillis= */ 0));
        ConnectedAccess access = new ConnectedAccess() {
            @Override
            public RedisLink link() {
                return link;
            }

            @Override
            public void later(Runnable task, long nanos) {
                throw new UnsupportedOperationException("not of this test");
            }

            @Override
            public String partOf(byte[] key) {
                return "";
            }

            @Override
            public void replace(RedisLink broken) {
                replaced.add(broken);
            }
        };
        try (ScriptRunner runner = new ScriptRunner(access, settings, scope -> LuaScript.NO_LIMIT, Platform.JVM)) {
            Throwable failure = assertThrows(
                    IdempotencyStoreException.class, () -> runner.await("hgetall", link, new CompletableFuture<>()));
            assertInstanceOf(TimeoutException.class, failure.getCause());
        }
        return link;
    }

    @Test
    void itIsReplacedIfNothingCameBack() {
        assertEquals(List.of(notAnsweredOn(System::nanoTime)), replaced);
    }

    @Test
    void itStaysIfOthersWereAnsweredMeanwhile() {
        notAnsweredOn(() -> System.nanoTime() + TimeUnit.HOURS.toNanos(1));
        assertEquals(List.of(), replaced);
    }
}

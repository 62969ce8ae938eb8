package io.idempotenttrace.core.store.redis;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.StillPlatform;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.redisclient.ServerCommands;
import io.idempotenttrace.core.store.RecordId;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a script whose reply does not come is given up. */
class ScriptCallTest {

    private static final long TIMEOUT_MILLIS = 2000;

    private final StillPlatform platform = new StillPlatform();
    private ScriptRunner runner;
    private ScriptCall call;

    @BeforeEach
    void send() {
        ServerCommands neverAnswered = new ServerCommands(new ServerCommands.Sender() {
            @Override
            public <T> CompletableFuture<T> send(
                    ProtocolKeyword command,
                    CommandOutput<byte[], byte[], T> output,
                    CommandArgs<byte[], byte[]> arguments) {
                return new CompletableFuture<>();
            }
        });
        RedisLink link = new OpenLink(platform::nanoTime) {
            @Override
            public ServerCommands commands() {
                return neverAnswered;
            }
        };
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
        };
        runner = new ScriptRunner(
                access,
                SettingsWithoutServer.of(TIMEOUT_MILLIS, new Durability(0, /* disk= */ false, /* timeoutMillis= */ 0)),
                scope -> LuaScript.NO_LIMIT,
                platform);
        call = runner.start(LuaScript.FAIL, new RecordId("t", "s", "k"), "owner".getBytes(StandardCharsets.US_ASCII));
    }

    @AfterEach
    void close() {
        runner.close();
    }

    private boolean endsAfter(long millis) {
        platform.pass(TimeUnit.MILLISECONDS.toNanos(millis));
        return call.endsBy(platform.nanoTime());
    }

    private void assertTimedOut() {
        CompletionException failure = assertThrows(CompletionException.class, call::join);
        assertInstanceOf(IdempotencyStoreException.class, failure.getCause());
        assertInstanceOf(TimeoutException.class, failure.getCause().getCause());
    }

    @Test
    void itIsGivenUpAtItsDeadline() {
        assertFalse(endsAfter(TIMEOUT_MILLIS - 1));
        assertTrue(endsAfter(1));
        assertTimedOut();
    }

    @Test
    void aProcessThatStoodStillReadsFirstWhatHasComeMeanwhile() {
        assertFalse(endsAfter(TIMEOUT_MILLIS + 8000), "given up though its reply may be there");
        assertFalse(endsAfter(249));
        assertTrue(endsAfter(1));
        assertTimedOut();
    }

    @Test
    void itWaitsOnOnlyOnce() {
        assertFalse(endsAfter(TIMEOUT_MILLIS + 8000));
        assertTrue(endsAfter(8000));
        assertTimedOut();
    }
}

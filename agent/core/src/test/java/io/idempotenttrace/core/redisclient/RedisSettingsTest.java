package io.idempotenttrace.core.redisclient;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.core.redisclient.RedisSettings.PeerVerification;
import io.idempotenttrace.core.redisclient.RedisSettings.Protocol;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RedisSettingsTest {

    /** With one millisecond more, each connection would fail: the number would be negative where Netty reads it. */
    @Test
    void aTimeoutThatNettyCannotCountIsTheLongestThatItCan() {
        assertEquals(Integer.MAX_VALUE, withTimeoutOf(Duration.ofDays(25)).connectTimeoutMillis());
        assertEquals(2_000, withTimeoutOf(Duration.ofSeconds(2)).connectTimeoutMillis());
    }

    private static RedisSettings withTimeoutOf(Duration timeout) {
        return new RedisSettings(
                "redis://localhost",
                "",
                PeerVerification.FULL,
                Protocol.AUTO,
                new TlsFiles("", "", ""),
                timeout.toMillis());
    }
}

package io.idempotenttrace.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExposedConnectionTest {

    private static List<String> notes(String argument) throws ConfigurationException {
        return new ConfigurationLoader(new Properties(), Map.of())
                .load(argument)
                .notes();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis-url=redis://:s3cret@redis.example",
                "redis-url=redis://app:s3cret@10.0.0.7:6379/2",
                "redis-url=valkey://app:s3cret@127.example.com",
                "redis-url=redis-sentinel://:s3cret@localhost:1,sentinel.example:2/0#main",
                "redis-url=redis-cluster://:s3cret@127.0.0.1:1,192.0.2.7:2"
            })
    void aPasswordThatLeavesTheMachineInTheOpenIsNamed(String argument) throws Exception {
        List<String> notes = notes(argument);
        assertEquals(1, notes.size(), notes.toString());
        assertTrue(notes.get(0).contains("without TLS") && !notes.get(0).contains("s3cret"), notes.get(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis-url=redis://redis.example",
                "redis-url=redis://app@redis.example",
                "redis-url=rediss://:s3cret@redis.example",
                "redis-url=redis://:s3cret@localhost:6379",
                "redis-url=redis://:s3cret@LOCALHOST",
                "redis-url=redis://:s3cret@127.0.0.2:6379/1",
                "redis-url=redis://:s3cret@[::1]:6379",
                "redis-url=redis-cluster://:s3cret@localhost:1,127.0.0.1:2",
                "store=memory,redis-url=redis://:s3cret@redis.example",
                ""
            })
    void whatDoesNotIsNot(String argument) throws Exception {
        assertEquals(List.of(), notes(argument));
    }

    @Test
    void anUncheckedCertificateIsNamed() throws Exception {
        for (String argument : List.of(
                "redis-verify-peer=none,redis-url=rediss://redis.example",
                "redis-url=rediss://localhost?ssl_cert_reqs=none")) {
            List<String> notes = notes(argument);
            assertEquals(1, notes.size(), notes.toString());
            assertTrue(notes.get(0).contains("can pose as Redis"), notes.get(0));
        }
        List<String> plain = notes("redis-verify-peer=none,redis-url=redis://redis.example");
        assertTrue(plain.get(0).startsWith("redis-verify-peer=none has no effect"), plain.toString());
    }
}

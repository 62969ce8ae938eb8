package io.idempotenttrace.core.open;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.TraceConflictException;
import io.idempotenttrace.TraceInProgressException;
import io.idempotenttrace.core.store.ClaimField;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.core.store.Update;
import io.idempotenttrace.testkit.Await;
import io.idempotenttrace.testkit.TestRedis;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a user of the library sees, which is the same on both stores. */
class IdempotentCallsIT {

    /** Where records live. */
    enum Where {
        MEMORY,
        REDIS
    }

    private final List<String> warnings = new CopyOnWriteArrayList<>();

    private IdempotentCalls open(Where where, String... namesAndValues) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "tenant",
                UUID.randomUUID().toString(),
                "command-timeout",
                "30s",
                "store",
                where.name().toLowerCase(Locale.ROOT)));
        if (where == Where.REDIS) {
            settings.put("redis-url", TestRedis.shared().url());
        }
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return IdempotencyStores.open(settings, warnings::add);
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void callIsNewThenInProgressThenDuplicateAndAnotherPayloadIsAConflict(Where where) {
        try (IdempotentCalls calls = open(where)) {
            Map<String, Object> payload = Map.of("id", 7, "name", "a");
            CheckResponse first = calls.check("k", payload, "given");
            assertTrue(first.isNew() && !first.isDuplicate() && !first.isInProgress() && !first.isConflict());
            assertEquals(1, first.attempt());
            assertTrue(first.fence() > 0);
            assertEquals(Payloads.hashRequest(payload), first.hash());
            assertEquals(first.hash(), first.storedHash());

            CheckResponse second = calls.check("k", payload);
            assertTrue(second.isInProgress() && !second.isNew(), second::toString);
            assertEquals("given", second.storedTraceId());
            assertTrue(
                    second.leaseRemaining().toMillis() > 0
                            && second.leaseRemaining().toSeconds() <= 30,
                    second.leaseRemaining()::toString);
            assertNotNull(second.createdAt());

            assertEquals(Update.APPLIED, calls.markCompleted(first, "made", "{\"n\":1}"));
            CheckResponse third = calls.check("k", payload);
            assertTrue(third.isDuplicate());
            assertEquals("made", third.storedTraceId());
            assertEquals("{\"n\":1}", third.storedResult());
            assertNull(third.storedFailure());
            assertEquals(first.hash(), third.storedHash());

            CheckResponse other = calls.check("k", Map.of("id", 7, "name", "b"));
            assertTrue(other.isConflict());
            assertEquals(first.hash(), other.storedHash());
            // Without a secret Redis has no digests of the first payload.
            assertEquals(where == Where.REDIS ? List.of() : List.of("/name"), other.differingMembers());
        }
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void withASecretAConflictNamesTheMembersThatDiffer(Where where) {
        try (IdempotentCalls calls = open(where, "hash-secret", "the secret of this test")) {
            CheckResponse first = calls.check("k", Map.of("id", 7, "name", "a"));
            CheckResponse other = calls.check("k", Map.of("id", 7, "name", "b"));
            assertEquals(List.of("/name"), other.differingMembers());
            assertEquals(Update.APPLIED, calls.markCompleted(first, "made", "7"));
            Map<String, String> fields = calls.status("k").orElseThrow().fields();
            assertEquals(18, fields.get("members").length());
            assertTrue(fields.get("form").startsWith("python+hmac:"), fields::toString);
            // sha256(7) would tell the result.
            assertFalse(fields.get("response_hash").startsWith("7902699be42c8a8e"), fields::toString);
            assertEquals(64, fields.get("response_hash").length());
        }
    }

    // [P4]
    @ParameterizedTest
    @EnumSource(Where.class)
    void failedCallFreesItsKeyAtOnce(Where where) {
        try (IdempotentCalls calls = open(where)) {
            CheckResponse first = calls.check("k", 1);
            assertEquals(Update.APPLIED, calls.markFailed(first, new IllegalStateException("no luck")));
            assertEquals(
                    "java.lang.IllegalStateException: no luck",
                    calls.status("k").orElseThrow().fields().get("error"));
            CheckResponse second = calls.check("k", 1);
            assertTrue(second.isNew());
            assertEquals(2, second.attempt());
            assertTrue(second.fence() > first.fence());
            assertEquals(Update.REFUSED, calls.markCompleted(first));
            assertEquals(Update.APPLIED, calls.markCompleted(second));
        }
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void deletedKeyIsNewAgain(Where where) {
        try (IdempotentCalls calls = open(where)) {
            assertFalse(calls.delete("k"));
            assertTrue(calls.status("k").isEmpty());
            calls.markCompleted(calls.check("k", 1));
            assertEquals(RecordStatus.COMPLETED, calls.status("k").orElseThrow().status());
            assertTrue(calls.delete("k"));
            assertTrue(calls.check("k", 2).isNew());
        }
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void keyIsFreeOnceItsLeaseIsOverUnlessItIsRenewed(Where where) {
        try (IdempotentCalls calls = open(where).withLease(Duration.ofMillis(100))) {
            CheckResponse first = calls.check("k", 1);
            Await.until("the lease is over", () -> calls.check("k", 1).isNew());
            assertEquals(Update.REFUSED, calls.renew(first));
            CheckResponse held = calls.withLease(Duration.ofHours(1)).check("renewed", 1);
            assertEquals(Update.APPLIED, calls.renew(held));
            assertTrue(calls.check("renewed", 1).leaseRemaining().toMinutes() > 50);
        }
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void tenantsAndScopesHaveEachTheirOwnKeysAndTheTtlIsAsAskedFor(Where where) {
        try (IdempotentCalls calls = open(where, "scope.slow.ttl", "7d")) {
            String tenant = UUID.randomUUID().toString();
            assertTrue(calls.check("k", 1).isNew());
            assertTrue(calls.withScope("slow").check("k", 2).isNew());
            assertTrue(calls.withTenant(tenant).check("k", 3).isNew());
            assertTrue(calls.withTenant(tenant).withScope("slow").check("k", 4).isNew());
            assertEquals(tenant, calls.withTenant(tenant).check("k", 3).tenant());
            assertDays(7, calls.withScope("slow"), "days");
            assertDays(3, calls.withTtl(Duration.ofDays(3)).withScope("slow"), "other days");
        }
    }

    private static void assertDays(int days, IdempotentCalls calls, String key) {
        calls.markCompleted(calls.check(key, 1));
        long left = calls.status(key).orElseThrow().ttlMillis();
        assertTrue(
                left > Duration.ofDays(days).minusHours(1).toMillis()
                        && left <= Duration.ofDays(days).toMillis(),
                left + " ms");
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void workIsDoneOnceAndItsDuplicatesGetTheTraceId(Where where) {
        try (IdempotentCalls calls = open(where)) {
            assertEquals("made", calls.run("k", Map.of("a", 1), () -> "made"));
            assertEquals("made", calls.run("k", Map.of("a", 1), () -> fail("a duplicate")));
            TraceConflictException conflict = assertThrows(
                    TraceConflictException.class, () -> calls.run("k", Map.of("a", 2), () -> fail("a conflict")));
            assertEquals(where != Where.REDIS, conflict.getMessage().contains("differs at /a"), conflict::toString);
            assertEquals("made", conflict.getStoredTraceId());
            assertNull(calls.run("without trace id", 1, () -> null));
            assertNull(calls.run("without trace id", 1, () -> fail("a duplicate")));
        }
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void workThatThrowsFreesItsKey(Where where) {
        try (IdempotentCalls calls = open(where)) {
            IllegalStateException failure = new IllegalStateException("no luck");
            assertSame(
                    failure,
                    assertThrows(
                            IllegalStateException.class,
                            () -> calls.run("k", 1, () -> {
                                throw failure;
                            })));
            assertEquals("made", calls.run("k", 1, () -> "made"));
        }
    }

    // [P7]
    @ParameterizedTest
    @EnumSource(Where.class)
    void leaseIsRenewedWhileTheWorkRuns(Where where) {
        try (IdempotentCalls calls = open(where).withLease(Duration.ofSeconds(9))) {
            calls.run("k", 1, () -> {
                TraceInProgressException held =
                        assertThrows(TraceInProgressException.class, () -> calls.run("k", 1, () -> fail("held")));
                assertTrue(held.getMessage().contains("'k' is held by"), held::toString);
                long before = deadlineMillis(calls);
                // After three seconds or four: a machine that pauses for as long must not end the lease.
                Await.until("a renewal", () -> deadlineMillis(calls) > before);
                return "made";
            });
            assertTrue(calls.check("k", 1).isDuplicate());
        }
    }

    private static long deadlineMillis(IdempotentCalls calls) {
        return ClaimField.of(calls.status("k").orElseThrow().fields().get(ClaimField.NAME))
                .deadlineMillis();
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void hashOfTheCallerCountsAsItsPayload(Where where) {
        try (IdempotentCalls calls = open(where)) {
            calls.markCompleted(calls.checkHash("k", Payloads.hashRequest(Map.of("a", 1)), ""));
            assertTrue(calls.check("k", Map.of("a", 1)).isDuplicate());
        }
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void resultThatIsTooLargeIsNotStoredAndSaidSo(Where where) {
        try (IdempotentCalls calls = open(where, "max-result-bytes", "4")) {
            assertEquals(Update.APPLIED, calls.markCompleted(calls.check("k", 1), "t", "\"abcd\""));
            assertNull(calls.check("k", 1).storedResult());
            assertTrue(
                    warnings.stream()
                            .anyMatch(warning ->
                                    warning.contains("'k' has 6 bytes") && warning.contains("max-result-bytes")),
                    warnings::toString);
        }
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void aFailedRecordKeepsOfAnExceptionWhatIsAskedFor(Where where) {
        String type = IllegalStateException.class.getName();
        Map<String, List<String>> kept = Map.of(
                "full", List.of(type + ": of card 4111", "card 4111 was refused"),
                "type", List.of(type, "failed"),
                "none", List.of("failed", "failed"));
        for (Map.Entry<String, List<String>> each : kept.entrySet()) {
            try (IdempotentCalls all = open(where, "scope.s.store-error", each.getKey())) {
                IdempotentCalls calls = all.withScope("s");
                calls.markFailed(calls.check("thrown", 1), new IllegalStateException("of card 4111"));
                calls.markFailed(calls.check("told", 1), "card 4111 was refused");
                assertThrows(
                        IllegalStateException.class,
                        () -> calls.run("run", 1, () -> {
                            throw new IllegalStateException("of card 4111");
                        }));
                assertEquals(each.getValue().get(0), error(calls, "thrown"));
                assertEquals(each.getValue().get(1), error(calls, "told"));
                assertEquals(each.getValue().get(0), error(calls, "run"));
                all.markFailed(all.check("of another scope", 1), "card 4111 was refused");
                assertEquals("card 4111 was refused", error(all, "of another scope"));
            }
        }
    }

    private static String error(IdempotentCalls calls, String key) {
        return calls.status(key).orElseThrow().fields().get("error");
    }

    /** A reader would take it for an encrypted one. */
    @ParameterizedTest
    @EnumSource(Where.class)
    void aTextThatLooksEncryptedIsNoResult(Where where) {
        try (IdempotentCalls calls = open(where)) {
            assertEquals(Update.APPLIED, calls.markCompleted(calls.check("k", 1), "t", "enc:k1:AAAA"));
            assertNull(calls.check("k", 1).storedResult());
            assertTrue(warnings.stream().anyMatch(warning -> warning.contains("'k' is no JSON")), warnings::toString);
        }
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void badArgumentsAreRefusedAlikeAndLeaveNoRecord(Where where) {
        try (IdempotentCalls calls = open(where)) {
            CheckResponse held = calls.check("held", 1);
            CheckResponse notHeld = calls.check("held", 1);
            refused(NullPointerException.class, "key", () -> calls.check(null, 1));
            refused(IllegalArgumentException.class, "key is empty", () -> calls.check("", 1));
            refused(NullPointerException.class, "traceId", () -> calls.check("k", 1, null));
            refused(NullPointerException.class, "hash", () -> calls.checkHash("k", null, ""));
            refused(IllegalArgumentException.class, "'ABC' is not 64", () -> calls.checkHash("k", "ABC", ""));
            refused(NullPointerException.class, "tenant", () -> calls.withTenant(null));
            refused(IllegalArgumentException.class, "tenant is empty", () -> calls.withTenant(""));
            refused(IllegalArgumentException.class, "scope is empty", () -> calls.withScope(""));
            refused(IllegalArgumentException.class, "TTL of PT0.999S", () -> calls.withTtl(Duration.ofMillis(999)));
            refused(IllegalArgumentException.class, "lease of PT0.099S", () -> calls.withLease(Duration.ofMillis(99)));
            refused(
                    IllegalArgumentException.class,
                    "lease of",
                    () -> calls.withLease(Duration.ofSeconds(Long.MAX_VALUE)));
            refused(NullPointerException.class, "response", () -> calls.markCompleted(null));
            refused(NullPointerException.class, "traceId", () -> calls.markCompleted(held, null));
            refused(IllegalArgumentException.class, "IN_PROGRESS for key 'held'", () -> calls.markCompleted(notHeld));
            refused(IllegalArgumentException.class, "IN_PROGRESS for key 'held'", () -> calls.markFailed(notHeld, "x"));
            refused(IllegalArgumentException.class, "IN_PROGRESS for key 'held'", () -> calls.renew(notHeld));
            refused(NullPointerException.class, "error", () -> calls.markFailed(held, (String) null));
            refused(NullPointerException.class, "thrown", () -> calls.markFailed(held, (Throwable) null));
            refused(NullPointerException.class, "key", () -> calls.delete(null));
            refused(IllegalArgumentException.class, "key is empty", () -> calls.status(""));
            assertTrue(calls.status("k").isEmpty());
            assertEquals(
                    RecordStatus.PENDING, calls.status("held").orElseThrow().status());
        }
    }

    private static void refused(Class<? extends Exception> type, String message, Executable step) {
        Exception thrown = assertThrows(type, step);
        assertEquals(type, thrown.getClass());
        assertTrue(thrown.getMessage() != null && thrown.getMessage().contains(message), thrown::toString);
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void useAfterCloseSaysSoAtOnce(Where where) {
        IdempotentCalls calls = open(where);
        CheckResponse first = calls.check("k", 1);
        calls.close();
        calls.close();
        String store = "store '" + where.name().toLowerCase(Locale.ROOT) + "' is closed";
        refused(IllegalStateException.class, store, () -> calls.check("k", 1));
        refused(IllegalStateException.class, store, () -> calls.withScope("s").check("k", 1));
        refused(IllegalStateException.class, store, () -> calls.checkHash("k", first.hash(), ""));
        refused(IllegalStateException.class, store, () -> calls.markCompleted(first));
        refused(IllegalStateException.class, store, () -> calls.markFailed(first, "x"));
        refused(IllegalStateException.class, store, () -> calls.renew(first));
        refused(IllegalStateException.class, store, () -> calls.run("k", 1, () -> "made"));
        refused(IllegalStateException.class, store, () -> calls.delete("k"));
        refused(IllegalStateException.class, store, () -> calls.status("k"));
    }

    @Test
    void withoutRedisRecordsLiveInMemoryWhichIsSaid() {
        try (IdempotentCalls calls = IdempotencyStores.open(Map.of("store", "auto"), warnings::add)) {
            assertEquals("memory", calls.storeName());
            assertEquals(1, warnings.size());
            assertTrue(warnings.get(0).contains("Set REDIS_URL, or store=memory"), warnings::toString);
        }
    }

    @Test
    void propertiesOfTheJvmCountAndWhatIsGivenCountsMore() {
        System.setProperty("idempotent.trace.tenant", "of-the-jvm");
        try {
            Properties given = new Properties();
            given.setProperty("store", "memory");
            try (IdempotentCalls calls = IdempotencyStores.open(given)) {
                assertEquals("of-the-jvm", calls.check("k", 1).tenant());
            }
            given.setProperty("tenant", "given");
            try (IdempotentCalls calls = IdempotencyStores.open(given)) {
                assertEquals("given", calls.check("k", 1).tenant());
            }
        } finally {
            System.clearProperty("idempotent.trace.tenant");
        }
    }

    @Test
    void wrongSettingIsRefusedByName() {
        Exception thrown = assertThrows(
                IllegalArgumentException.class, () -> IdempotencyStores.open(Map.of("leese", "1s", "ttl", "soon")));
        assertTrue(
                thrown.getMessage().contains("'leese' in the settings that the program gave; did you mean 'lease'?"),
                thrown::toString);
        assertTrue(thrown.getMessage().contains("'ttl'"), thrown::toString);
    }

    @Test
    void storeThatDoesNotAnswerFailsTheCallsAndNotTheOpening() {
        try (IdempotentCalls calls = IdempotencyStores.open(
                Map.of("redis-url", "redis://127.0.0.1:1", "command-timeout", "200ms"), warnings::add)) {
            assertThrows(IdempotencyStoreException.class, () -> calls.check("k", 1));
        }
    }
}

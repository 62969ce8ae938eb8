package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.config.Configuration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A renamed method has its records where they were, and two methods that would share them are named. */
class RecordScopesTest {

    private static final Configuration RENAMED =
            Configuration.fromMap(Map.of("com.acme.New.emit\0record-scope", "com.acme.Old.emit"));

    static class Emitter {

        @IdempotentTrace
        void plain(String span) {}

        @IdempotentTrace(scope = IdempotentTrace.SHARED)
        void shared(String span) {}
    }

    @Test
    void theSettingNamesTheScopeOfTheRecords() throws Exception {
        MethodSpecification plain = specification("plain");
        String scope = Policies.settingScope(plain);
        assertEquals(scope, Policies.recordScope(plain, RENAMED));
        Configuration renamed = Configuration.fromMap(Map.of(scope + "\0record-scope", "com.acme.Old.emit"));
        assertEquals("com.acme.Old.emit", Policies.recordScope(plain, renamed));
        assertNull(Policies.recordScope(specification("shared"), renamed));
    }

    private static MethodSpecification specification(String name) throws Exception {
        try (var in =
                Emitter.class.getResourceAsStream("/" + Emitter.class.getName().replace('.', '/') + ".class")) {
            return AnnotatedMethods.in(in.readAllBytes()).stream()
                    .map(AnnotatedMethods.Found::specification)
                    .filter(method -> method.methodName().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void theOldMethodBesideTheRenamedOneIsNamed() {
        RecordScopes scopes = new RecordScopes(RENAMED);
        assertNull(scopes.met("com.acme.New.emit"));
        assertNull(scopes.met("com.acme.New.emit"), "an overload, or the same class of another loader");
        assertNull(scopes.met("com.acme.Other.emit"));
        String problem = scopes.met("com.acme.Old.emit");
        assertNotNull(problem);
        assertTrue(problem.contains("'com.acme.New.emit' and 'com.acme.Old.emit'"), problem);
    }

    @Test
    void twoMethodsWithTheSameSettingAreNamed() {
        RecordScopes scopes =
                new RecordScopes(Configuration.fromMap(Map.of("a\0record-scope", "old", "b\0record-scope", "old")));
        assertNull(scopes.met("a"));
        assertNotNull(scopes.met("b"));
    }

    /** Each has the name that the other had: neither shares anything. */
    @Test
    void twoMethodsMaySwapTheirNames() {
        RecordScopes scopes =
                new RecordScopes(Configuration.fromMap(Map.of("a\0record-scope", "b", "b\0record-scope", "a")));
        assertNull(scopes.met("a"));
        assertNull(scopes.met("b"));
    }
}

package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.weaver.application.ApplicationCode;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A guarded method that the engine has called, by what it reads of the application, is no call: the application's own is still the first. */
@Timeout(60)
class ApplicationCodeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "getter",
                "iterator",
                "keyPart",
                "conflictDetail",
                "writtenResult",
                "itemOfAPublisher",
                "messageOfAFailure",
                "questionOfAFuture",
                "valueOfAFuture",
                "listenerOfAStage",
                "anotherFuture"
            })
    void whatTheEngineReadsClaimsNothing(String kind) {
        assertClaimsNothing(kind, kind);
    }

    @Test
    void aSetterThatReadsAResultBackClaimsNothing() {
        assertClaimsNothing("setterAtReplay", "setter at replay");
    }

    private static void assertClaimsNothing(String kind, String key) {
        WovenProgram program = new WovenProgram(ReadPrograms.class);
        program.call(kind, key);
        int read = (int) program.call("runs", key);
        assertTrue(read >= 1, "the program does not show what it is for");
        String before = program.counts();
        long news = program.count(Ending.NEW);
        assertEquals(key, program.call("inner", key));
        assertEquals(news + 1, program.count(Ending.NEW), () -> before + " then " + program.counts());
        assertEquals(read + 1, program.call("runs", key), program::said);
        assertTrue(before.contains(" unguarded=0"), before);
    }

    @Test
    void aCallbackOfTheCallersIsGuarded() {
        WovenProgram program = new WovenProgram(ReadPrograms.class);
        program.call("callbackOfACaller", "callback");
        assertEquals(2, program.count(Ending.NEW));
        program.call("inner", "callback");
        assertEquals(1, program.call("runs", "callback"));
    }

    /** An application may hand each line of stderr to a guarded method, and its stream may fail. */
    @Test
    void theStreamBehindStderrIsTheApplicationsCode() {
        boolean[] running = new boolean[1];
        PrintStream before = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream()) {
            @Override
            public void println(String line) {
                running[0] = ApplicationCode.isRunning();
                throw new IllegalStateException("no disk");
            }
        });
        try {
            new EngineLines(/* slf4j= */ false).say(GuardLog.Level.WARN, "line");
        } finally {
            System.setErr(before);
        }
        assertTrue(running[0]);
        assertEquals(false, ApplicationCode.isRunning());
    }
}

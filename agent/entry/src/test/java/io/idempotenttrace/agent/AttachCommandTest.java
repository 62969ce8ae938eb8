package io.idempotenttrace.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the command reads its arguments; what it does to another JVM is tested with the packed agent. */
class AttachCommandTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return new AttachCommand(new File("agent.jar"), new PrintStream(out, true), new PrintStream(err, true))
                .run(arguments);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "attach",
                "attach abc",
                "attach 0",
                "attach -5",
                "attach 12 a=b c=d",
                "attach 1.5",
                "attach 99999999999999999999"
            })
    void wrongArgumentsAreOneLineWithTheUsage(String line) {
        assertEquals(2, run(line.split(" ")));
        assertEquals(
                "idempotent-trace: wrong arguments; write attach PID [name=value,...]",
                err.toString().trim());
        assertEquals("", out.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-h", "--help"})
    void helpTellsTheExitStatus(String option) {
        assertEquals(0, run("attach", option));
        assertTrue(out.toString().startsWith("Usage: java -jar idempotent-trace-agent.jar attach PID"), out::toString);
        assertTrue(out.toString().contains("Exit status: 0 the agent runs there; 1 it does not"), out::toString);
        assertEquals("", err.toString());
    }

    @Test
    void aProcessThatIsNotThereIsNamed() {
        assertEquals(1, run("attach", Integer.toString(Integer.MAX_VALUE)));
        assertEquals(
                "idempotent-trace: there is no process " + Integer.MAX_VALUE,
                err.toString().trim());
    }
}

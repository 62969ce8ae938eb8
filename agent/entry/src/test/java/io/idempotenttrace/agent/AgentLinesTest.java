package io.idempotenttrace.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AgentLinesTest {

    @Test
    void aNameOfAClassForgesNoLine() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            AgentLines.say("com.example.Evil\nidempotent-trace: new=1\u001b[2J could not be woven");
        } finally {
            System.setErr(before);
        }
        assertEquals(
                "idempotent-trace: com.example.Evil\\nidempotent-trace: new=1\\u001b[2J could not be woven",
                printed.toString(StandardCharsets.UTF_8).strip());
    }
}

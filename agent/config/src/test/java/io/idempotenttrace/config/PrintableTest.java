package io.idempotenttrace.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class PrintableTest {

    @Test
    void plainTextStaysAsItIs() {
        String text = "größe дом 字 😀 'a' \\ b";
        assertEquals(text, Printable.text(text));
        assertSame("", Printable.text(""));
    }

    @Test
    void whatMovesACursorOrALineBecomesVisible() {
        assertEquals(
                "a\\r\\nidempotent-trace: forged\\u001b[2J\\t\\u0000\\u009b",
                Printable.text("a\r\nidempotent-trace: forged\u001b[2J\t\0\u009b"));
        assertEquals("\\u202eabc\\u2028\\u2029\\u2066\\ufeff", Printable.text("\u202eabc\u2028\u2029\u2066\ufeff"));
        assertEquals("\\ud83dx\\ude00", Printable.text("\ud83dx\ude00"));
    }

    @Test
    void longTextIsCutBetweenCharacters() {
        assertEquals("x".repeat(200), Printable.text("x".repeat(200)));
        assertEquals("x".repeat(200) + "... (201 characters)", Printable.text("x".repeat(201)));
        assertEquals("x".repeat(199) + "... (203 characters)", Printable.text("x".repeat(199) + "😀😀"));
    }
}

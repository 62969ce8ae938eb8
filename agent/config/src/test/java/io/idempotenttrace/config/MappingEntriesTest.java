package io.idempotenttrace.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappingEntriesTest {

    private static final Map<String, String> TWO =
            Map.of("com.acme.Span", "com.acme.Maps#span", "com.acme.Money$Euro", "Maps#euro");

    @Test
    void entriesAreSeparatedBySemicolonsOrLines() {
        assertEquals(TWO, MappingEntries.parse("com.acme.Span=com.acme.Maps.span;com.acme.Money$Euro=Maps#euro"));
        assertEquals(
                TWO,
                MappingEntries.parse("\n com.acme.Span = com.acme.Maps#span ;;\r\n com.acme.Money$Euro=Maps.euro\n"));
        assertEquals(Map.of(), MappingEntries.parse(" "));
    }

    @Test
    void aFileMayHaveComments() {
        assertEquals(
                TWO,
                MappingEntries.parseFile(
                        "# ours\r\ncom.acme.Span=com.acme.Maps#span # the span\n\ncom.acme.Money$Euro=Maps.euro"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> MappingEntries.parseFile("\n\ncom.acme.Span"))
                .getMessage()
                .startsWith("line 3: 'com.acme.Span'"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "com.acme.Span",
                "=a.b",
                "a=",
                "a=b",
                "a=.b",
                "a=b.",
                "a=b#",
                "a b=c.d",
                "a=b.c d",
                "a=b.c()",
                "java.util.Date=a.b",
                "a=b.c,d=e.f",
                "a=b.c;a=b.d",
                "a..b=c.d"
            })
    void whatIsNoEntryIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> MappingEntries.parse(text));
    }

    @Test
    void theSettingIsCheckedAsItIsRead() {
        assertTrue(Setting.MAPPING.kind().accepts("a.B=c.D.e", Setting.MAPPING.allowed()));
        assertTrue(!Setting.MAPPING.kind().accepts("a.B", Setting.MAPPING.allowed()));
    }
}

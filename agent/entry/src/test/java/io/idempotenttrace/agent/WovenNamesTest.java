package io.idempotenttrace.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The names of one JVM: what is added here stays, so each test has names of its own. */
class WovenNamesTest {

    private static boolean isWanted(String name) {
        return Arrays.stream(WovenNames.wanted().names).anyMatch(each -> Arrays.equals(each, WovenNames.ascii(name)));
    }

    @Test
    void aNameThatWasAddedIsLookedFor() {
        assertFalse(isWanted("com/acme/Added"));
        WovenNames.add("com/acme/Added");
        assertTrue(isWanted("com/acme/Added"));
        assertTrue(WovenNames.wanted().mayHaveLength("com/acme/Added".length()));
    }

    /** Its constant is longer than its name, so that the scan would compare the wrong bytes. */
    @Test
    void aNameOutsideOfAsciiIsLeftToTheLookAtLoadedClasses() {
        int before = WovenNames.wanted().names.length;
        WovenNames.add("com/acme/Gr\u00f6\u00dfe");
        WovenNames.add("com/acme/Nul\0");
        assertEquals(before, WovenNames.wanted().names.length);
    }

    @Test
    void beforeTheAgentHasBegunNoClassesAreKnown() {
        assertEquals(0, WovenNames.loadedClasses().length);
    }
}

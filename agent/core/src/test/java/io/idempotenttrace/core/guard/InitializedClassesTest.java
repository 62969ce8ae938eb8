package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.failure.StaticInitializers;
import org.junit.jupiter.api.Test;

/** What a class does at its first use can fail for lack of stack or memory, and then for ever: it is done before. */
class InitializedClassesTest {

    @Test
    void eachClassThatHasSomethingToInitializeIsInitializedAtTheStart() throws Exception {
        // It is initialized by whoever asks for this.
        StaticInitializers.assertAre(Guard.INITIALIZED, Guard.class, /* besides= */ "Guard");
    }
}

package io.idempotenttrace.chaos.mutants;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.chaos.WrongArgumentException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MutantTest {

    @ParameterizedTest
    @EnumSource
    void changesEachFileThatItNames(Mutant mutant) throws IOException {
        assertFalse(mutant.files().isEmpty());
        for (String file : mutant.files()) {
            try (InputStream in = getClass().getClassLoader().getResourceAsStream(file)) {
                byte[] content = in.readAllBytes();
                byte[] changed = mutant.file(file, content);
                assertFalse(Arrays.equals(content, changed), () -> mutant.title() + " changes nothing in " + file);
                if (file.endsWith(".class")) {
                    new ClassReader(changed).accept(new ClassVisitor(Opcodes.ASM9) {}, 0);
                }
            }
        }
    }

    @Test
    void refusesANameThatThereIsNot() {
        WrongArgumentException refusal =
                assertThrows(WrongArgumentException.class, () -> Mutant.named("no-such-mutant"));
        assertTrue(refusal.getMessage().contains("no-takeover"), refusal::getMessage);
    }

    @Test
    void saysWhereAnEditFindsNothing() {
        assertThrows(IllegalStateException.class, () -> Mutant.NO_TAKEOVER.script("claim.lua", "return 1"));
    }
}

package io.idempotenttrace.kotlin.copies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MethodDoors;
import io.idempotenttrace.testkit.TestRedis;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the compiler puts the bodies of interfaces is a matter of flags; keys and payloads are the same under each of them. */
class InterfaceModesIT {

    private static final String SOURCES = "src/main/kotlin/io/idempotenttrace/kotlin/copies";

    @TempDir
    private Path folder;

    @Tag("long")
    @Test
    void aBuildWithOtherFlagsMeetsTheKeysOfThisOne() throws Exception {
        String store = TestRedis.shared().settings() + ",tenant=" + UUID.randomUUID();
        assertNull(MethodDoors.problem(OneClaimIT.run(Jdks.newest(), store, OneClaimIT.CLASS_PATH, KotlinDoors.class)));
        for (String mode : new String[] {"disable", "no-compatibility"}) {
            Path classes = compile(mode);
            assertEquals(
                    mode.equals("disable"),
                    Files.exists(classes.resolve("io/idempotenttrace/kotlin/copies/Sink$DefaultImpls.class")));
            String classPath = classes + File.pathSeparator + OneClaimIT.CLASS_PATH;
            assertNull(
                    MethodDoors.problem(OneClaimIT.run(Jdks.newest(), store, classPath, KotlinDoors.class, "again")),
                    mode);
        }
    }

    private Path compile(String mode) throws Exception {
        Path classes = folder.resolve(mode);
        ForkedJvm.Result compiled = ForkedJvm.on(Jdks.newest())
                .shortLived()
                .main(
                        System.getProperty("java.class.path"),
                        "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
                        "-no-stdlib",
                        "-no-reflect",
                        "-nowarn",
                        "-jvm-default=" + mode,
                        "-cp",
                        System.getProperty("application.classpath"),
                        "-d",
                        classes.toString(),
                        SOURCES)
                .run();
        assertEquals(0, compiled.exitCode(), compiled::toString);
        return classes;
    }
}

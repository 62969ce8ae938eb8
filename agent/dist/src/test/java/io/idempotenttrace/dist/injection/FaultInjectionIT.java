package io.idempotenttrace.dist.injection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.AgentRun;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestRedis;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.bytebuddy.jar.asm.ClassReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever throws inside of the engine, the application gets what it gets without the agent, and the next call is guarded. */
@Tag("matrix")
class FaultInjectionIT {

    /** Short waits: a claim whose end got lost is free soon, and a reply that got lost is not waited for long. */
    private static final String PATIENCE = "lease=400ms,command-timeout=500ms,in-progress-wait=1500ms,log-period=1h";
    /** On Redis each lost reply is waited for: five minutes on two cores that do something else as well. */
    private static final long MOST_SECONDS = 1500;

    private static final Pattern COUNTS = Pattern.compile("seams=(\\d+) faults=(\\d+) calls=(\\d+) wrong=0");

    @TempDir
    private static Path folder;

    private static Path faultAgent;
    private static final Map<String, ForkedJvm> STARTED = new HashMap<>();

    private static void packTheFaultAgent() throws IOException {
        Path seams = jar("seams.jar", new Manifest(), FaultSeam.class);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Premain-Class", FaultAgent.class.getName());
        manifest.getMainAttributes()
                .putValue("Boot-Class-Path", seams.getFileName().toString());
        faultAgent = jar("faults.jar", manifest);
    }

    private static Path jar(String name, Manifest manifest, Class<?>... classes) throws IOException {
        Path jar = folder.resolve(name);
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (Class<?> type : classes) {
                String entry = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(entry));
                try (InputStream in = type.getClassLoader().getResourceAsStream(entry)) {
                    in.transferTo(out);
                }
                out.closeEntry();
            }
        }
        return jar;
    }

    private static ForkedJvm.Builder application(Jdks.Jdk jdk, String startFault, String settings, String what) {
        String asm = Path.of(ClassReader.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
        // On the boot path from the first: the class path has a copy, which must not be the one that is armed.
        return ForkedJvm.on(jdk)
                .shortLived()
                .agent(faultAgent, startFault)
                .agent(AgentRun.AGENT, settings)
                .main(AgentRun.classPath() + File.pathSeparator + asm, FaultDriver.class.getName(), what);
    }

    static List<Arguments> everyJdkAndStore() {
        List<Arguments> runs = new ArrayList<>();
        for (Jdks.Jdk jdk : Jdks.all()) {
            runs.add(Arguments.of(jdk, "memory"));
        }
        // On Redis by hand, with -Dtests.faults=redis: its short waits want a machine that does nothing else.
        if (System.getProperty("tests.faults", "").equals("redis")) {
            runs.add(Arguments.of(Jdks.newest(), "redis"));
        }
        return runs;
    }

    /** All at a time: most of it is waiting for what a fault has left behind. */
    @BeforeAll
    static void startAll() throws IOException {
        packTheFaultAgent();
        for (Arguments run : everyJdkAndStore()) {
            Jdks.Jdk jdk = (Jdks.Jdk) run.get()[0];
            String store = (String) run.get()[1];
            String settings = "store=" + store + "," + PATIENCE + ",tenant=seams-" + UUID.randomUUID()
                    + (store.equals("redis")
                            ? ",redis-url=" + TestRedis.shared().url()
                            : "");
            STARTED.put(
                    jdk + store, application(jdk, "", settings, "every-seam").start());
        }
    }

    @AfterAll
    static void closeAll() {
        STARTED.values().forEach(ForkedJvm::close);
    }

    @ParameterizedTest
    @MethodSource("everyJdkAndStore")
    void aFaultAnywhereLeavesTheApplicationsResults(Jdks.Jdk jdk, String store) {
        ForkedJvm.Result result = STARTED.get(jdk + store).await(MOST_SECONDS);
        assertEquals(0, result.exitCode(), result::toString);
        Matcher counts = COUNTS.matcher(result.lastOut());
        assertTrue(counts.matches(), result::toString);
        System.out.println(jdk + ", " + store + ": " + result.lastOut());
        assertTrue(Integer.parseInt(counts.group(1)) > 150, result::toString);
    }

    /** What is called once in a JVM, as the engine starts. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "weaver/Engine.start(Ljava/util/Map;)Lio/idempotenttrace/agent/AgentEngine;",
                "weaver/Engine.<init>(Lio/idempotenttrace/config/Configuration;)V",
                "weaver/Engine.prepare()Lio/idempotenttrace/weaver/GuardedMethod$Parts;",
                "weaver/Engine.stop()V"
            })
    void aFaultAtTheStartLeavesTheApplicationWithoutTheAgent(String seam) {
        for (String kind : List.of("exception", "error")) {
            ForkedJvm.Result result = application(
                            Jdks.newest(),
                            "io/idempotenttrace/" + seam + "#" + kind,
                            "store=memory," + PATIENCE,
                            "once")
                    .run();
            assertEquals(0, result.exitCode(), result::toString);
            assertTrue(seam.contains("stop()") || result.lastOut().startsWith("wrong=0 "), result::toString);
            assertTrue(
                    seam.contains("stop()")
                            || result.err().stream()
                                    .anyMatch(line -> line.startsWith("idempotent-trace: the engine could not start")),
                    result::toString);
        }
    }
}

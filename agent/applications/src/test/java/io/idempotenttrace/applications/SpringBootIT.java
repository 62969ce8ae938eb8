package io.idempotenttrace.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.Pairs;
import io.idempotenttrace.testkit.TcpProxy;
import io.idempotenttrace.testkit.TestRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A Spring Boot application as its fat jar, extracted from it by its own tool, and exploded. */
@Tag("matrix")
class SpringBootIT {

    private static final Path FAT_JAR = Path.of(System.getProperty("spring-boot.jar"));

    private static final String COUNTS = "new=6 duplicate=6 conflict=1 in-progress=0 failed=1 unguarded=0";

    /** Each body once, but for the one that failed; a duplicate has a transaction, but no body. */
    private static final List<String> SEEN = List.of(
            "Receipt[id=v-1, position=7]",
            "Receipt[id=v-1, position=7]",
            "conflict of key v-1, loader own",
            "asynchronous bodies=1 mdc=null transaction=false loader=own thread=task-N",
            "listening bodies=1 mdc=17 transaction=true loader=own thread=main",
            "retried bodies=2 mdc=17 transaction=false loader=own thread=main",
            "self-invoked bodies=1 mdc=17 transaction=false loader=own thread=main",
            "storing bodies=1 mdc=17 transaction=false loader=own thread=main",
            "transactional bodies=1 mdc=17 transaction=true loader=own thread=main",
            "transactions begun=4 committed=4 rolled-back=0");

    private enum Form {
        FAT_JAR,
        EXTRACTED,
        EXPLODED
    }

    @TempDir
    private Path folder;

    static List<Jdks.Jdk> jdks() {
        return Jdks.all();
    }

    static List<Arguments> someJdksAndForms() {
        return Pairs.crossSection(Jdks.all(), List.of(Form.values()));
    }

    static List<Arguments> otherJdksAndForms() {
        return Pairs.others(Jdks.all(), List.of(Form.values()));
    }

    @ParameterizedTest
    @MethodSource("someJdksAndForms")
    void eachBodyRunsOnce(Jdks.Jdk jdk, Form form) throws Exception {
        switch (form) {
            case FAT_JAR -> aFatJar(jdk);
            case EXTRACTED -> extractedByItsOwnTool(jdk);
            case EXPLODED -> explodedUnderItsLauncher(jdk);
        }
    }

    @MatrixTest
    @MethodSource("otherJdksAndForms")
    void eachBodyRunsOnceInTheOtherPairs(Jdks.Jdk jdk, Form form) throws Exception {
        eachBodyRunsOnce(jdk, form);
    }

    /** Spring's own shutdown hook waits for what runs, beside the agent's. */
    @ParameterizedTest
    @MethodSource("jdks")
    void whatEndsDuringTheGracefulStopIsCompleted(Jdks.Jdk jdk) {
        String tenant = "applications-" + UUID.randomUUID();
        try (TcpProxy far = TcpProxy.to(TestRedis.shared())) {
            far.delayReplies(5);
            String argument = "command-timeout=30s,stop-wait=60s,redis-url=" + far.url() + ",tenant=" + tenant;
            try (ForkedJvm jvm = ForkedJvm.on(jdk)
                    .shortLived()
                    .agent(ApplicationRun.AGENT, argument)
                    .jar(FAT_JAR, "until-stopped", "--spring.task.execution.pool.core-size=20")
                    .start()) {
                jvm.awaitOut("running"::equals);
                jvm.stop();
                ForkedJvm.Result result = jvm.await();
                assertEquals(
                        "idempotent-trace: new=20 duplicate=0 conflict=0 in-progress=0 failed=0 unguarded=0 store=redis",
                        result.lastErr(),
                        result::toString);
            }
        }
        assertEquals(Collections.nCopies(20, "completed"), TestRedis.shared().statuses(tenant));
    }

    private void aFatJar(Jdks.Jdk jdk) {
        String argument = ApplicationRun.redis();
        assertEachBodyRanOnce(
                ForkedJvm.on(jdk)
                        .shortLived()
                        .agent(ApplicationRun.AGENT, argument)
                        .jar(FAT_JAR)
                        .run(),
                argument);
    }

    private void extractedByItsOwnTool(Jdks.Jdk jdk) {
        ForkedJvm.Result extracted = ForkedJvm.on(jdk)
                .shortLived()
                .jvm("-Djarmode=tools")
                .folder(folder)
                .jar(FAT_JAR, "extract", "--destination", "extracted")
                .run();
        assertEquals(0, extracted.exitCode(), extracted::toString);
        Path application = folder.resolve("extracted").resolve(FAT_JAR.getFileName());
        assertEachBodyRanOnce(
                ForkedJvm.on(jdk)
                        .shortLived()
                        .agent(ApplicationRun.AGENT, ApplicationRun.MEMORY)
                        .jar(application)
                        .run(),
                ApplicationRun.MEMORY);
    }

    private void explodedUnderItsLauncher(Jdks.Jdk jdk) throws Exception {
        Path exploded = Files.createDirectory(folder.resolve("exploded"));
        Archives.unpack(FAT_JAR, exploded);
        assertEachBodyRanOnce(
                ForkedJvm.on(jdk)
                        .shortLived()
                        .agent(ApplicationRun.AGENT, ApplicationRun.MEMORY)
                        .main(exploded.toString(), "org.springframework.boot.loader.launch.JarLauncher")
                        .run(),
                ApplicationRun.MEMORY);
    }

    private static void assertEachBodyRanOnce(ForkedJvm.Result result, String argument) {
        ApplicationRun.assertGuarded(result, argument, COUNTS);
        assertEquals(
                SEEN,
                result.out().stream()
                        .map(line -> line.replaceFirst("task-\\d+", "task-N"))
                        .toList(),
                result::toString);
    }
}

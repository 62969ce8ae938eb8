package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.dist.app.ClassPathProbe;
import io.idempotenttrace.dist.app.Intruder;
import io.idempotenttrace.dist.app.UntilSwitchedOff;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.FreePort;
import io.idempotenttrace.testkit.Jdks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What others in the JVM, on its management port and on the network may do, and what the agent says of it. */
class TrustIT {

    private static final String PASSWORD = "hunter2";

    @TempDir
    private Path folder;

    static Stream<Jdks.Jdk> jdks() {
        return Jdks.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void noClassOfTheApplicationTakesTheEnginesPlace(Jdks.Jdk jdk) {
        ForkedJvm.Result result =
                AgentRun.of(jdk, "store=memory", Intruder.class).run();
        assertEquals(
                6,
                result.out().stream()
                        .filter(line -> line.startsWith("kept out: "))
                        .count(),
                result::toString);
        assertEquals(1, result.out().stream().filter("body"::equals).count(), result::toString);
        assertEquals(1, result.out().stream().filter("later body"::equals).count(), result::toString);
        assertTrue(result.lastErr().contains("new=2 duplicate=2 "), result::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aSwitchOfTheModeByJmxSaysWhoAndWhen(Jdks.Jdk jdk) throws Exception {
        int port = FreePort.find();
        Path passwords = ownFile("passwords", "operator " + PASSWORD);
        Path access = ownFile("access", "operator readwrite");
        try (ForkedJvm jvm = AgentRun.of(jdk, "store=memory", UntilSwitchedOff.class)
                .jvm(
                        "-Dcom.sun.management.jmxremote.port=" + port,
                        "-Dcom.sun.management.jmxremote.rmi.port=" + port,
                        "-Dcom.sun.management.jmxremote.host=127.0.0.1",
                        "-Djava.rmi.server.hostname=127.0.0.1",
                        "-Dcom.sun.management.jmxremote.ssl=false",
                        "-Dcom.sun.management.jmxremote.password.file=" + passwords,
                        "-Dcom.sun.management.jmxremote.access.file=" + access)
                .start()) {
            jvm.awaitOut(line -> line.equals("ready enforce"));
            JMXServiceURL url = new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi");
            Map<String, Object> login = Map.of(JMXConnector.CREDENTIALS, new String[] {"operator", PASSWORD});
            JMXConnector connector = JMXConnectorFactory.connect(url, login);
            try (connector) {
                connector
                        .getMBeanServerConnection()
                        .setAttribute(new ObjectName("io.idempotenttrace:type=Agent"), new Attribute("Mode", "off"));
            } catch (IOException endedBeforeItAnswered) {
                // The program ends as soon as the mode is another. What it has said is looked at below.
            }
            ForkedJvm.Result result = jvm.await();
            String line = result.err().stream()
                    .filter(each -> each.contains("mode switched"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(result.toString()));
            assertTrue(
                    line.matches(
                            "idempotent-trace: mode switched from enforce to off by JMX at [0-9T:.-]+Z: operator, on thread"
                                    + " 'RMI TCP Connection\\(.*127\\.0\\.0\\.1'"),
                    line);
        }
    }

    private Path ownFile(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, content + "\n");
    }

    @Test
    void aConnectionThatOthersCanReadOrPoseAsIsNamedAtTheStart() {
        ForkedJvm.Result result = AgentRun.of(
                        Jdks.newest(),
                        "redis-url=redis://:" + PASSWORD + "@192.0.2.1,connect-timeout=100ms,command-timeout=100ms",
                        ClassPathProbe.class)
                .run();
        assertTrue(
                result.err().stream()
                        .anyMatch(line -> line.contains("the password for Redis goes to 192.0.2.1 without TLS")),
                result::toString);
        assertTrue(!result.toString().contains(PASSWORD), result::toString);
        ForkedJvm.Result unchecked = AgentRun.of(
                        Jdks.newest(),
                        "redis-url=rediss://:" + PASSWORD
                                + "@192.0.2.1,redis-verify-peer=none,connect-timeout=100ms,command-timeout=100ms",
                        ClassPathProbe.class)
                .run();
        assertTrue(
                unchecked.err().stream().anyMatch(line -> line.contains("redis-verify-peer=none: the certificate")),
                unchecked::toString);
    }
}

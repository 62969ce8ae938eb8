package io.idempotenttrace.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.applications.tomcat.Redeployments;
import io.idempotenttrace.applications.tomcat.webapp.EmitServlet;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.MatrixTest;
import io.idempotenttrace.testkit.Pairs;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Web applications in a Tomcat: each is guarded by its own classes, and goes when it is undeployed. */
class TomcatIT {

    private static final String DESCRIPTOR = """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.1" metadata-complete="true">
              <servlet>
                <servlet-name>emit</servlet-name>
                <servlet-class>%s</servlet-class>
              </servlet>
              <servlet-mapping>
                <servlet-name>emit</servlet-name>
                <url-pattern>/emit</url-pattern>
              </servlet-mapping>
            </web-app>
            """;

    /** Tomcat logs to stderr: all that it finds worth a warning, such as a thread or a thread local that outlives a deployment. */
    private static final String LOGGING = """
            handlers=java.util.logging.ConsoleHandler
            .level=WARNING
            """;

    /** As Tomcat's own start script does: so that it can look for such leaks. */
    private static final String[] OPENED = {
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-opens=java.base/java.io=ALL-UNNAMED",
        "--add-opens=java.base/java.util=ALL-UNNAMED",
        "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
        "--add-opens=java.rmi/sun.rmi.transport=ALL-UNNAMED"
    };

    @TempDir
    private Path folder;

    private static final List<String> STORES = List.of("memory", "redis");

    static List<Arguments> someJdksAndStores() {
        return Pairs.crossSection(Jdks.all(), STORES);
    }

    static List<Arguments> otherJdksAndStores() {
        return Pairs.others(Jdks.all(), STORES);
    }

    @ParameterizedTest
    @MethodSource("someJdksAndStores")
    void eachDeploymentBehavesAsTheFirstAndIsCollected(Jdks.Jdk jdk, String store) throws Exception {
        String argument = store.equals("memory") ? ApplicationRun.MEMORY : ApplicationRun.redis();
        Path webapp = webapp();
        Path container = Archives.copyPackage(Redeployments.class, Files.createDirectory(folder.resolve("container")));
        Path logging = Files.writeString(folder.resolve("logging.properties"), LOGGING);
        ForkedJvm.Result result = ForkedJvm.on(jdk)
                .shortLived()
                .agent(ApplicationRun.AGENT, argument)
                .jvm(OPENED)
                .jvm("-Djava.util.logging.config.file=" + logging)
                .main(
                        container + File.pathSeparator + System.getProperty("tomcat.jars"),
                        Redeployments.class.getName(),
                        folder.resolve("tomcat").toString(),
                        webapp.toString())
                .run();

        ApplicationRun.assertGuarded(
                result, argument, "new=20 duplicate=20 conflict=20 in-progress=0 failed=0 unguarded=0");
        List<String> expected = new ArrayList<>();
        for (int round = 1; round <= 10; round++) {
            expected.add(answers("left-" + round) + "; " + answers("right-" + round));
        }
        expected.add("deployments 20, collected 20, reachable 0");
        assertEquals(expected, result.out(), result::toString);
    }

    @MatrixTest
    @MethodSource("otherJdksAndStores")
    void eachDeploymentBehavesAsTheFirstInTheOtherPairs(Jdks.Jdk jdk, String store) throws Exception {
        eachDeploymentBehavesAsTheFirstAndIsCollected(jdk, store);
    }

    private static String answers(String id) {
        String receipt = "Receipt[id=" + id + ", position=1] bodies=1";
        return receipt + ", " + receipt + ", conflict, exception of own loader";
    }

    private Path webapp() throws Exception {
        Path webapp = Files.createDirectory(folder.resolve("webapp"));
        Archives.copyPackage(EmitServlet.class, webapp.resolve("WEB-INF").resolve("classes"));
        Path library = Files.createDirectory(webapp.resolve("WEB-INF").resolve("lib"));
        Files.copy(ApplicationRun.ANNOTATIONS, library.resolve("idempotent-trace-annotations.jar"));
        Files.writeString(
                webapp.resolve("WEB-INF").resolve("web.xml"), DESCRIPTOR.formatted(EmitServlet.class.getName()));
        return webapp;
    }
}

package io.idempotenttrace.chaos;

import io.idempotenttrace.testkit.RedisBinary;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that start workers and servers: which programs these are. */
public final class ProgramOptions {

    @Option(names = "--agent", description = "The packed agent; else the one that the build left beside this program.")
    private @Nullable Path agent;

    @Option(names = "--server-binary", description = "A redis-server or valkey-server; else the one on the PATH.")
    private @Nullable Path serverBinary;

    /**
     * The agent's jar.
     *
     * @return absolute
     * @throws WrongArgumentException if it can't be read
     */
    public Path agent() {
        Path jar = agent == null ? besideThis() : agent;
        if (!Files.isReadable(jar)) {
            throw new WrongArgumentException("there is no agent '" + jar
                    + "'; build it by 'mvn -q package -DskipTests -pl agent/dist -am', or name one by --agent");
        }
        return jar.toAbsolutePath();
    }

    private static Path besideThis() {
        try {
            Path here = Path.of(ProgramOptions.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return here.resolve("../../../dist/target/idempotent-trace-agent.jar")
                    .normalize();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * What starts servers.
     *
     * @throws WrongArgumentException if it is no program
     */
    public RedisBinary server() {
        Path named = serverBinary;
        if (named != null && !Files.isExecutable(named)) {
            throw new WrongArgumentException(
                    "--server-binary names '" + named + "', which is no program; name redis-server or valkey-server");
        }
        return named == null ? RedisBinary.newest() : RedisBinary.at(named);
    }
}

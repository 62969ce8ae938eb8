package io.idempotenttrace.chaos;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The agent's jar that workers run with. */
public final class PackedAgent {

    private PackedAgent() {}

    /**
     * The jar.
     *
     * @param named by who started this program; null for the one that the build has left beside it
     * @return absolute
     * @throws WrongArgumentException if it can't be read
     */
    public static Path of(@Nullable Path named) {
        Path jar = named == null ? beside() : named;
        if (!Files.isReadable(jar)) {
            throw new WrongArgumentException("there is no agent '" + jar
                    + "'; build it by 'mvn -q package -DskipTests -pl agent/dist -am', or name one by --agent");
        }
        return jar.toAbsolutePath();
    }

    private static Path beside() {
        try {
            Path here = Path.of(PackedAgent.class
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
}

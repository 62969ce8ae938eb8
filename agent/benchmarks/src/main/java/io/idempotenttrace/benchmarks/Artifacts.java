package io.idempotenttrace.benchmarks;

import io.idempotenttrace.benchmarks.program.DoNothingAgent;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The jars of the build that measured JVMs are started with. */
final class Artifacts {

    private static final Path TARGET = target();
    private static final Path AGENT_MODULES = TARGET.getParent().getParent();

    static final Path RESULTS = TARGET.resolveSibling("results");
    /** As users get it. */
    static final Path AGENT = required(AGENT_MODULES.resolve("dist/target/idempotent-trace-agent.jar"));

    static final Path OPENTELEMETRY = TARGET.resolve("agents/opentelemetry-javaagent.jar");
    /** An application and the annotations, and nothing else. */
    static final String CLASS_PATH = required(TARGET.resolve("benchmarks-programs.jar"))
            + File.pathSeparator
            + library("idempotent-trace-annotations-");
    /** The same beside every library that a peer needs. */
    static final String CLASS_PATH_WITH_LIBRARIES =
            CLASS_PATH + File.pathSeparator + TARGET.resolve("lib") + File.separator + '*';

    private Artifacts() {}

    private static Path target() {
        try {
            return Path.of(Artifacts.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toAbsolutePath()
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path required(Path file) {
        if (!Files.isReadable(file)) {
            throw new IllegalStateException(file + " is missing: mvn -q package -DskipTests");
        }
        return file;
    }

    private static Path library(String prefix) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(TARGET.resolve("lib"), prefix + "*.jar")) {
            return found.iterator().next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An agent in a jar of its own: what any agent costs at least. */
    static Path agentJar(Class<?> agent) {
        try {
            Path jar = Files.createTempFile("agent-", ".jar");
            jar.toFile().deleteOnExit();
            Manifest manifest = new Manifest();
            manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
            manifest.getMainAttributes().putValue("Premain-Class", agent.getName());
            String entry = agent.getName().replace('.', '/') + ".class";
            try (InputStream in = agent.getClassLoader().getResourceAsStream(entry);
                    JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
                out.putNextEntry(new JarEntry(entry));
                in.transferTo(out);
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path doNothingAgent() {
        return agentJar(DoNothingAgent.class);
    }
}

package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.agent.EngineArchive;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The packed jar says what is inside of it, whose it is, and on what terms. */
class AgentJarContentsIT {

    private static final Path AGENT = Path.of(System.getProperty("agent.jar"));
    private static final Path ANNOTATIONS = Path.of(System.getProperty("annotations.jar"));
    private static final Path ROOT = Path.of(System.getProperty("project.root"));

    /** Computed anew from the class path that the agent was built with: a jar belongs to the list if one of its classes is packed. */
    @Test
    void theBillOfMaterialsListsExactlyWhatIsPacked() throws IOException {
        Set<String> packed = new TreeSet<>();
        try (JarFile agent = new JarFile(AGENT.toFile());
                InputStream archive = agent.getInputStream(agent.getEntry("engine.archive"))) {
            Set<Long> names = hashesOfNames(archive);
            for (String each : System.getProperty("runtime.classpath").split(File.pathSeparator)) {
                try (JarFile library = new JarFile(each)) {
                    if (library.stream()
                            .map(JarEntry::getName)
                            .filter(name -> name.endsWith(".class"))
                            .anyMatch(
                                    name -> names.contains(EngineArchive.hash(name)) || agent.getEntry(name) != null)) {
                        packed.add(Path.of(each).getFileName().toString());
                    }
                }
            }
        }
        Set<String> listed = new TreeSet<>();
        for (JsonNode component : billOfMaterials().get("components")) {
            listed.add(component.get("name").asString() + "-"
                    + component.get("version").asString() + ".jar");
        }
        assertEquals(packed, listed);
        assertTrue(listed.stream().anyMatch(name -> name.startsWith("lettuce-core-")), listed::toString);
        assertFalse(listed.stream().anyMatch(name -> name.startsWith("slf4j-api-")), listed::toString);
    }

    @Test
    void eachLibraryHasItsLicenceItsCoordinatesAndAnIdentifierOfTheLicence() throws IOException {
        try (JarFile agent = new JarFile(AGENT.toFile())) {
            Set<String> texts = agent.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.startsWith("META-INF/licenses/"))
                    .collect(Collectors.toSet());
            for (JsonNode component : billOfMaterials().get("components")) {
                String group = component.get("group").asString();
                String name = component.get("name").asString();
                assertNotNull(
                        agent.getEntry("META-INF/maven/" + group + "/" + name + "/pom.properties"),
                        component::toString);
                assertFalse(component.get("licenses").isEmpty(), component::toString);
                if (!group.equals("io.idempotenttrace")) {
                    assertTrue(
                            texts.stream()
                                    .anyMatch(text -> text.matches("META-INF/licenses/" + group + "/.*LICENSE.*")),
                            component::toString);
                }
            }
            // Code inside of libraries, of which no descriptor tells: these files do.
            for (String part : List.of(
                    "net.bytebuddy/licenses/ASM",
                    "tools.jackson.core/FastDoubleParser-LICENSE",
                    "tools.jackson.core/Schubfach-LICENSE",
                    "org.jctools/LICENSE",
                    "io.netty/NOTICE.txt")) {
                assertTrue(texts.contains("META-INF/licenses/" + part), () -> part + " is not among " + texts);
            }
        }
    }

    @Test
    void theJarsThatUsersTakeCarryTheProjectsOwnLicence() throws IOException {
        for (Path each : List.of(AGENT, ANNOTATIONS)) {
            try (JarFile jar = new JarFile(each.toFile())) {
                for (String name : List.of("LICENSE", "NOTICE")) {
                    JarEntry entry = jar.getJarEntry("META-INF/" + name);
                    assertNotNull(entry, () -> name + " in " + each);
                    try (InputStream in = jar.getInputStream(entry)) {
                        assertArrayEquals(
                                Files.readAllBytes(ROOT.resolve(name)), in.readAllBytes(), () -> name + " in " + each);
                    }
                }
            }
        }
    }

    /** The directory of the archive; see {@link EngineArchive} for its form. */
    private static Set<Long> hashesOfNames(InputStream archive) throws IOException {
        DataInputStream in = new DataInputStream(archive);
        int count = in.readInt();
        Set<Long> hashes = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            hashes.add(in.readLong());
            in.skipNBytes(EngineArchive.ENTRY_BYTES - Long.BYTES);
        }
        return hashes;
    }

    private static JsonNode billOfMaterials() throws IOException {
        try (JarFile agent = new JarFile(AGENT.toFile())) {
            String location = agent.getManifest().getMainAttributes().getValue("Sbom-Location");
            try (InputStream in = agent.getInputStream(agent.getEntry(location))) {
                return JsonMapper.shared().readTree(in);
            }
        }
    }
}

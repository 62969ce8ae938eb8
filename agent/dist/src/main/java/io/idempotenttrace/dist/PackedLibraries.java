package io.idempotenttrace.dist;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Run by the build, after the archive is packed: finds out which libraries the agent jar really carries, and adds what a jar with
 * others' libraries has to carry beside them:
 * <ul>
 *   <li>{@code META-INF/licenses}: the licence texts and notices. The build fails where a library has none.
 *   <li>{@code META-INF/sbom}: the list of the libraries in the form CycloneDX.
 *   <li>{@code META-INF/maven}: the coordinates of each, as a jar of its own has them, for scanners that know no such list.
 * </ul>
 * The libraries are found from the archive, not from the project's dependencies: a file that no library explains fails the build,
 * and a dependency of which nothing is packed is not listed. No part of the agent.
 */
public final class PackedLibraries {

    private final Path staging;
    private final Library.Coordinates agent;

    private PackedLibraries(Path staging, Library.Coordinates agent) {
        this.staging = staging;
        this.agent = agent;
    }

    /**
     * @param arguments the list of libraries, as {@code dependency:list} wrote it; the folder that becomes the jar, with the archive in
     *                  it; the folder of the texts that the project keeps; the agent's group, name and version; the build's timestamp
     */
    public static void main(String[] arguments) throws IOException {
        Library.Coordinates agent = new Library.Coordinates(arguments[3], arguments[4], arguments[5]);
        PackedLibraries packed = new PackedLibraries(Path.of(arguments[1]), agent);
        packed.describe(Library.listed(Path.of(arguments[0])), new LicenseTexts(Path.of(arguments[2])), arguments[6]);
    }

    private void describe(List<Library> candidates, LicenseTexts licenses, String timestamp) throws IOException {
        List<Library> packed = packed(candidates);
        for (Library library : packed) {
            if (!library.coordinates().group().equals(agent.group())) {
                licenses.add(library);
            }
        }
        licenses.check();
        Path meta = staging.resolve("META-INF");
        licenses.write(meta.resolve("licenses"));
        Path bill = meta.resolve("sbom").resolve(agent.name() + ".cdx.json");
        Files.createDirectories(bill.getParent());
        Files.writeString(bill, new BillOfMaterials(agent, licenses).of(packed, timestamp));
        writeDescriptor(agent);
        for (Library library : packed) {
            writeDescriptor(library.coordinates());
            for (Library.Coordinates copied : library.copiedIn()) {
                writeDescriptor(copied);
            }
        }
    }

    /** Of the candidates, those of which a class is in the archive or at the root of the jar, by their coordinates. */
    private List<Library> packed(List<Library> candidates) throws IOException {
        PackedNames archive;
        try (InputStream in = Files.newInputStream(staging.resolve("engine.archive"))) {
            archive = PackedNames.of(in);
        }
        List<Library> packed = new ArrayList<>();
        Set<String> explained = new HashSet<>();
        for (Library library : candidates) {
            boolean used = false;
            for (String name : library.files()) {
                if (archive.contains(name)) {
                    explained.add(name);
                    used = true;
                }
                used |= Files.exists(staging.resolve(name));
            }
            if (used) {
                packed.add(library);
            }
        }
        int unexplained = archive.size() - explained.size();
        if (unexplained != 0) {
            throw new IOException("the archive holds " + unexplained
                    + " files that come from no library of the list; find out what packed"
                    + " them, since their licence is unknown");
        }
        packed.sort(Comparator.comparing(Library::coordinates));
        return packed;
    }

    private void writeDescriptor(Library.Coordinates coordinates) throws IOException {
        Path file =
                staging.resolve("META-INF/maven/" + coordinates.group() + "/" + coordinates.name() + "/pom.properties");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                "groupId=" + coordinates.group() + "\nartifactId=" + coordinates.name() + "\nversion="
                        + coordinates.version() + "\n");
    }
}

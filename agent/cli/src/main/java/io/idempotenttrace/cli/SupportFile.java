package io.idempotenttrace.cli;

import io.idempotenttrace.config.OneLineJson;
import io.idempotenttrace.core.failure.Failures;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A zip of small text files. A part that can't be had does not keep the others out: what it failed with is written in its place. */
final class SupportFile {

    /** Makes one of the texts. */
    interface Part {
        String text() throws Exception;
    }

    /** Makes the lines of one of the texts. */
    interface Lines {
        List<String> lines() throws Exception;
    }

    private final Map<String, String> entries = new LinkedHashMap<>();

    void add(String name, Part part) {
        String text;
        try {
            text = part.text();
        } catch (Exception e) {
            text = "could not be asked: " + Failures.firstLine(e);
        }
        entries.put(name, text.endsWith("\n") || text.isEmpty() ? text : text + "\n");
    }

    void addLines(String name, Lines lines) {
        add(name, () -> String.join("\n", lines.lines()));
    }

    void addJson(String name, Map<String, ?> object) {
        add(name, () -> OneLineJson.of(object));
    }

    /** The names of the texts. */
    List<String> names() {
        return List.copyOf(entries.keySet());
    }

    /**
     * Writes the file, which only its owner may read where the file system knows owners.
     *
     * @throws IOException also if the file is there already
     */
    void write(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(file);
        }
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
    }
}

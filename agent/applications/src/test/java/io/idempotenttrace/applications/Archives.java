package io.idempotenttrace.applications;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Puts applications together from the tests' own classes, so that a JVM sees no class that its application would not have. */
final class Archives {

    private static final Path CLASSES = Path.of("target", "test-classes").toAbsolutePath();

    private Archives() {}

    /** Unpacks a jar into an existing folder. */
    static void unpack(Path jar, Path folder) throws IOException {
        try (JarFile opened = new JarFile(jar.toFile())) {
            for (Enumeration<JarEntry> entries = opened.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                Path file = folder.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    try (InputStream in = opened.getInputStream(entry)) {
                        Files.copy(in, file);
                    }
                }
            }
        }
    }

    /** The compiled classes of one test package, without those below it, in a folder of class path layout. */
    static Path copyPackage(Class<?> member, Path folder) throws IOException {
        Path relative = Path.of(member.getPackageName().replace('.', '/'));
        Path target = Files.createDirectories(folder.resolve(relative));
        for (Path file : filesIn(CLASSES.resolve(relative))) {
            Files.copy(file, target.resolve(file.getFileName()));
        }
        return folder;
    }

    /** A jar of all that lies in a folder. */
    static Path jar(Path folder, Attributes manifestEntries, Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putAll(manifestEntries);
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile).sorted().forEach(content -> {
                try {
                    out.putNextEntry(
                            new JarEntry(folder.relativize(content).toString().replace('\\', '/')));
                    Files.copy(content, out);
                    out.closeEntry();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return jar;
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}

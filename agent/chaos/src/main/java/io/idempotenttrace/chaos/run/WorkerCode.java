package io.idempotenttrace.chaos.run;

import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.chaos.worker.ChaosWorker;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the workers run, in a folder of its own: their classes and the annotations, and nothing else of this program, which knows classes
 * of the agent's that must come from the agent's jar there.
 */
public final class WorkerCode {

    private WorkerCode() {}

    /** Copies it into that folder, which is then the class path of the workers. */
    public static Path copyTo(Path folder) throws IOException {
        copyPackage(ChaosWorker.class, folder);
        copyPackage(IdempotentTrace.class, folder);
        return folder;
    }

    private static void copyPackage(Class<?> member, Path folder) throws IOException {
        String name = member.getPackageName().replace('.', '/');
        Path source;
        try {
            source = Path.of(
                    member.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        if (Files.isDirectory(source)) {
            copyClasses(source.resolve(name), folder.resolve(name));
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(source, (ClassLoader) null)) {
                copyClasses(jar.getPath("/", name), folder.resolve(name));
            }
        }
    }

    private static void copyClasses(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        List<Path> files;
        try (Stream<Path> all = Files.list(from)) {
            files = all.filter(file -> file.getFileName().toString().endsWith(".class"))
                    .toList();
        }
        for (Path file : files) {
            Files.write(to.resolve(file.getFileName().toString()), Files.readAllBytes(file));
        }
    }
}

package io.idempotenttrace.cli;

import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.config.Printable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The classes of an application that does not run: a jar, a folder, or a class path of several. Also what a fat jar of Spring Boot and a
 * web archive carry inside, which is unpacked into a folder of its own for as long as this is open; what a manifest's {@code Class-Path}
 * names; and the jars of a folder that holds no classes.
 */
final class ApplicationPath implements AutoCloseable {

    /** Where archives that hold a whole application have its classes, and where its libraries. */
    private static final String[][] LAYOUTS = {
        {"BOOT-INF/classes/", "BOOT-INF/lib/"}, {"WEB-INF/classes/", "WEB-INF/lib/"}
    };

    private static final String CLASS = ".class";

    private final Set<Path> parts = new LinkedHashSet<>();
    private final List<Path> unpacked = new ArrayList<>();
    private final URLClassLoader loader;
    private int classes;

    /**
     * @param text paths, separated by the machine's separator or by {@code ;}, each a jar, a folder, or {@code folder/*} for its jars
     * @throws WrongUseException if one of them is not there, or is neither a jar nor a folder
     */
    ApplicationPath(String text) {
        try {
            for (String part : text.split("[;" + File.pathSeparator + "]")) {
                if (!part.isEmpty()) {
                    add(part);
                }
            }
            List<URL> urls = new ArrayList<>();
            for (Path part : parts) {
                urls.add(part.toUri().toURL());
            }
            loader = new ApplicationLoader(urls.toArray(new URL[0]));
        } catch (IOException e) {
            close();
            throw unreadable(text, e.toString());
        } catch (WrongUseException e) {
            close();
            throw e;
        }
    }

    /** @param reason why, for people */
    static WrongUseException unreadable(String file, String reason) {
        return new WrongUseException("the file '" + Printable.text(file) + "' can't be read (" + reason
                + "); give a jar, a folder of classes, a class path, or the id of a process that runs");
    }

    /**
     * Shows the application's classes and the JDK's, and of the agent's only the annotations and exceptions, where the application has none:
     * who explains a folder of classes need not look for the jar of the annotations.
     */
    private static final class ApplicationLoader extends URLClassLoader {

        private static final String ANNOTATIONS = IdempotentTrace.class.getPackageName();

        ApplicationLoader(URL[] urls) {
            super("application", urls, ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try {
                return super.findClass(name);
            } catch (ClassNotFoundException e) {
                if (name.lastIndexOf('.') == ANNOTATIONS.length() && name.startsWith(ANNOTATIONS)) {
                    return Class.forName(name, false, ApplicationPath.class.getClassLoader());
                }
                throw e;
            }
        }
    }

    /** Shows the application's classes and the JDK's. */
    ClassLoader loader() {
        return loader;
    }

    /** How many classes {@link #forEach} has met. */
    int classes() {
        return classes;
    }

    private void add(String text) throws IOException {
        Path path;
        try {
            path = Path.of(text.endsWith("/*") || text.endsWith("\\*") ? text.substring(0, text.length() - 1) : text);
        } catch (InvalidPathException e) {
            throw unreadable(text, "it is no path");
        }
        if (text.endsWith("*")) {
            addJarsOf(path);
        } else if (Files.isDirectory(path)) {
            addFolder(path);
        } else if (Files.isRegularFile(path)) {
            addJar(path);
        } else {
            throw unreadable(text, "there is no file or folder of that name");
        }
    }

    private void addJarsOf(Path folder) throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(folder)) {
            jars = files.filter(file -> file.toString().endsWith(".jar") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(folder.toString(), e.toString());
        }
        for (Path jar : jars) {
            addJar(jar);
        }
    }

    /** Of classes, or of an application that was unpacked. */
    private void addFolder(Path folder) throws IOException {
        for (String[] layout : LAYOUTS) {
            Path inside = folder.resolve(layout[0]);
            if (Files.isDirectory(inside)) {
                parts.add(inside);
                Path libraries = folder.resolve(layout[1]);
                if (Files.isDirectory(libraries)) {
                    addJarsOf(libraries);
                }
                return;
            }
        }
        parts.add(folder);
        if (!holdsClasses(folder)) {
            addJarsOf(folder);
            if (Files.isDirectory(folder.resolve("lib"))) {
                addJarsOf(folder.resolve("lib"));
            }
        }
    }

    private static boolean holdsClasses(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(CLASS));
        }
    }

    private void addJar(Path path) throws IOException {
        if (parts.contains(path)) {
            return;
        }
        try (JarFile jar = new JarFile(path.toFile(), false)) {
            for (String[] layout : LAYOUTS) {
                if (jar.stream().anyMatch(entry -> entry.getName().startsWith(layout[0]))) {
                    unpack(jar, layout[0], layout[1]);
                    return;
                }
            }
            parts.add(path);
            Manifest manifest = jar.getManifest();
            String further =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            for (String named : further == null ? new String[0] : further.trim().split("\\s+")) {
                addNamed(path, named);
            }
        } catch (ZipException e) {
            throw unreadable(path.toString(), "it is neither a jar nor a folder: " + e.getMessage());
        }
    }

    /** What a manifest names and is not there, the JVM passes over too. */
    private void addNamed(Path jar, String url) throws IOException {
        Path named;
        try {
            named = Path.of(jar.toAbsolutePath().toUri().resolve(URI.create(url)));
        } catch (RuntimeException e) {
            return;
        }
        if (Files.isDirectory(named)) {
            parts.add(named);
        } else if (Files.isRegularFile(named)) {
            addJar(named);
        }
    }

    private void unpack(JarFile jar, String classesIn, String librariesIn) throws IOException {
        Path folder = Files.createTempDirectory("idempotent-trace-explain");
        unpacked.add(folder);
        Path into = Files.createDirectory(folder.resolve("classes"));
        parts.add(into);
        List<Path> libraries = new ArrayList<>();
        for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
            JarEntry entry = entries.nextElement();
            String name = entry.getName();
            Path to = null;
            if (entry.isDirectory()) {
                continue;
            }
            if (name.startsWith(classesIn)) {
                to = into.resolve(name.substring(classesIn.length())).normalize();
            } else if (name.startsWith(librariesIn) && name.endsWith(".jar")) {
                to = folder.resolve(libraries.size() + ".jar");
                libraries.add(to);
            }
            if (to != null && to.startsWith(folder)) {
                Files.createDirectories(to.getParent());
                try (InputStream in = jar.getInputStream(entry)) {
                    Files.copy(in, to);
                }
            }
        }
        for (Path library : libraries) {
            addJar(library);
        }
    }

    /**
     * Gives each class file with the loader that shows it.
     *
     * @throws IOException if one can't be read
     */
    void forEach(BiConsumer<ClassLoader, byte[]> each) throws IOException {
        for (Path part : parts) {
            if (Files.isDirectory(part)) {
                forEachIn(part, each);
            } else {
                forEachInJar(part, each);
            }
        }
    }

    private void forEachIn(Path folder, BiConsumer<ClassLoader, byte[]> each) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            // The JVM knows several releases of a class in jars alone.
            files = all.filter(file -> isClass(file.getFileName().toString())
                            && !folder.relativize(file).startsWith("META-INF"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            classes++;
            each.accept(loader, Files.readAllBytes(file));
        }
    }

    private void forEachInJar(Path path, BiConsumer<ClassLoader, byte[]> each) throws IOException {
        // Of a jar for several releases those classes that this Java would load.
        try (JarFile jar = new JarFile(path.toFile(), /* verify= */ false, ZipFile.OPEN_READ, Runtime.version())) {
            for (JarEntry entry : jar.versionedStream().toList()) {
                if (isClass(entry.getName()) && !entry.getName().startsWith("META-INF/")) {
                    classes++;
                    try (InputStream in = jar.getInputStream(entry)) {
                        each.accept(loader, in.readAllBytes());
                    }
                }
            }
        }
    }

    private static boolean isClass(String name) {
        return name.endsWith(CLASS) && !name.endsWith("module-info.class") && !name.endsWith("package-info.class");
    }

    @Override
    @SuppressWarnings("NullAway") // The loader is missing where the constructor has failed.
    public void close() {
        try {
            if (loader != null) {
                loader.close();
            }
            for (Path folder : unpacked) {
                delete(folder);
            }
        } catch (IOException e) {
            // What is left lies in the folder for temporary files.
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path emptied, IOException failure) throws IOException {
                Files.delete(emptied);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

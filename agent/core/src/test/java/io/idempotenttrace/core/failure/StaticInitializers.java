package io.idempotenttrace.core.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Which classes of a package have a static initializer, by what javap says of their files. */
public final class StaticInitializers {

    private StaticInitializers() {}

    /**
     * Fails unless these are the classes with a static initializer in the package of that class.
     *
     * @param besides another one of them, which need not be initialized by those
     */
    public static void assertAre(String[] names, Class<?> neighbour, String besides)
            throws URISyntaxException, IOException {
        TreeSet<String> expected = beside(neighbour);
        assertTrue(expected.remove(besides), besides + " has none");
        assertEquals(expected, new TreeSet<>(Set.of(names)));
    }

    /** The names of those in the package of that class, without the package. */
    private static TreeSet<String> beside(Class<?> neighbour) throws URISyntaxException, IOException {
        Path classes = Path.of(
                neighbour.getProtectionDomain().getCodeSource().getLocation().toURI());
        StringWriter told = new StringWriter();
        String[] arguments = Stream.concat(
                        Stream.of("-p", "-cp", classes.toString()),
                        classNames(classes, neighbour.getPackageName()).stream())
                .toArray(String[]::new);
        PrintWriter out = new PrintWriter(told);
        assertEquals(0, ToolProvider.findFirst("javap").orElseThrow().run(out, out, arguments), told::toString);
        TreeSet<String> found = new TreeSet<>();
        String current = "";
        for (String line : told.toString().lines().toList()) {
            if (line.endsWith("{") && !line.startsWith(" ")) {
                String name = line.replaceAll(".*\\b(?:class|interface|enum) ([\\w.$]+).*", "$1");
                current = name.substring(name.lastIndexOf('.') + 1);
            } else if (line.strip().equals("static {};")) {
                found.add(current);
            }
        }
        return found;
    }

    /** Of the directory of a build, or of the jar that the tests run on where another JDK repeats them. */
    private static List<String> classNames(Path classes, String packageName) throws IOException {
        String directory = packageName.replace('.', '/');
        if (Files.isDirectory(classes)) {
            return classNamesIn(classes.resolve(directory), packageName);
        }
        try (FileSystem jar = FileSystems.newFileSystem(classes)) {
            return classNamesIn(jar.getPath(directory), packageName);
        }
    }

    private static List<String> classNamesIn(Path directory, String packageName) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.startsWith("package-info"))
                    .map(name -> packageName + "." + name.substring(0, name.length() - ".class".length()))
                    .toList();
        }
    }
}

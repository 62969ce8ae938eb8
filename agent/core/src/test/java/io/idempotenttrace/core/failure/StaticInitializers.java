package io.idempotenttrace.core.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
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
    public static void assertAre(String[] names, Class<?> neighbour, String besides) throws URISyntaxException {
        TreeSet<String> expected = beside(neighbour);
        assertTrue(expected.remove(besides), besides + " has none");
        assertEquals(expected, new TreeSet<>(Set.of(names)));
    }

    /** The names of those in the package of that class, without the package. */
    private static TreeSet<String> beside(Class<?> neighbour) throws URISyntaxException {
        Path classes = Path.of(
                neighbour.getProtectionDomain().getCodeSource().getLocation().toURI());
        File[] files = classes.resolve(neighbour.getPackageName().replace('.', '/'))
                .toFile()
                .listFiles(file ->
                        file.getName().endsWith(".class") && !file.getName().startsWith("package-info"));
        StringWriter told = new StringWriter();
        String[] arguments = Stream.concat(
                        Stream.of("-p"),
                        Arrays.stream(Objects.requireNonNull(files, classes::toString))
                                .map(File::getPath))
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
}

package io.idempotenttrace.weaver;

import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Links every class of some large libraries, which verifies it, and says what came of each; then uses the libraries. */
public final class LibraryClasses {

    private static final List<String> PACKAGES =
            List.of("com/google/common/", "org/springframework/", "org/hibernate/");

    private LibraryClasses() {}

    static boolean isOfALibrary(String classFile) {
        return PACKAGES.stream().anyMatch(classFile::startsWith);
    }

    /** @param arguments the libraries' jars */
    public static void main(String[] arguments) throws Exception {
        for (String jar : arguments) {
            try (JarFile opened = new JarFile(jar)) {
                for (String entry : opened.stream()
                        .map(each -> each.getName())
                        .filter(name -> name.endsWith(".class"))
                        .sorted()
                        .toList()) {
                    if (isOfALibrary(entry)) {
                        System.out.println("class "
                                + link(entry.substring(0, entry.length() - ".class".length())
                                        .replace('/', '.')));
                    }
                }
            }
        }
        LibraryUse.run().forEach(line -> System.out.println("use " + line));
        String counts = EveryMethodAgent.counts();
        System.out.println(counts == null ? "not woven" : counts);
        System.exit(0);
    }

    /** Its first line says what is missing, such as an optional library; a VerifyError has more. */
    private static String link(String name) {
        try {
            // Links the class, and initialises nothing.
            Class.forName(name, false, LibraryClasses.class.getClassLoader()).getDeclaredConstructors();
            return name + " linked";
        } catch (Throwable e) {
            return name + " " + e.getClass().getSimpleName() + " "
                    + Stream.ofNullable(e.getMessage())
                            .flatMap(String::lines)
                            .findFirst()
                            .orElse("");
        }
    }
}

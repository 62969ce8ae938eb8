package io.idempotenttrace.weaver;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Classes that a test compiles while it runs: a name may hold a '$', so they can look like those of other languages' compilers. */
final class JavaSources {

    private final Path folder;

    private JavaSources(Path folder) {
        this.folder = folder;
    }

    /** @param sources of each compilation unit its path, such as {@code app/Emitter}, and its text, one after the other */
    static JavaSources compile(Path folder, String... sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> units = new ArrayList<>();
        for (int i = 0; i < sources.length; i += 2) {
            String text = sources[i + 1];
            units.add(
                    new SimpleJavaFileObject(
                            URI.create("string:///" + sources[i] + ".java"), JavaFileObject.Kind.SOURCE) {
                        @Override
                        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                            return text;
                        }
                    });
        }
        StringWriter messages = new StringWriter();
        List<String> options = List.of(
                "-g",
                "-d",
                folder.toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                "-proc:none",
                "-nowarn");
        if (!compiler.getTask(messages, null, null, options, null, units).call()) {
            throw new AssertionError(messages.toString());
        }
        return new JavaSources(folder);
    }

    /** A loader that shows the class files as resources, as most do. */
    ClassLoader loader() {
        try {
            return new URLClassLoader(new URL[] {folder.toUri().toURL()}, null);
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] classFile(String internalName) {
        try {
            return Files.readAllBytes(folder.resolve(internalName + ".class"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Of each annotated method of the class, as {@code name/count of parameters}: the name that its default scope has, or
     * "copy".
     */
    Map<String, String> guarded(String internalName, ClassLoader loader) {
        byte[] classFile = classFile(internalName);
        List<AnnotatedMethods.Found> annotated = AnnotatedMethods.in(classFile);
        Copies copies = new Copies(loader, classFile, annotated);
        Map<String, String> guarded = new TreeMap<>();
        for (AnnotatedMethods.Found found : annotated) {
            AnnotatedMethods.Found original = copies.original(found);
            String bridge = (found.access() & net.bytebuddy.jar.asm.Opcodes.ACC_BRIDGE) != 0 ? "bridge " : "";
            guarded.put(
                    bridge
                            + found.specification().methodName()
                            + '/'
                            + found.specification().parameters().size(),
                    original == null ? "copy" : original.specification().qualifiedName());
        }
        return guarded;
    }

    /** The specification of the only annotated method of that name, as the guard gets it. */
    MethodSpecification specification(String internalName, String methodName) {
        byte[] classFile = classFile(internalName);
        List<AnnotatedMethods.Found> annotated = AnnotatedMethods.in(classFile);
        Copies copies = new Copies(loader(), classFile, annotated);
        return annotated.stream()
                .filter(found -> found.specification().methodName().equals(methodName))
                .map(copies::original)
                .findFirst()
                .orElseThrow()
                .specification();
    }

    Stream<String> hashedParameters(String internalName, String methodName) {
        return specification(internalName, methodName).parameters().stream()
                .filter(MethodSpecification.Parameter::hashed)
                .map(MethodSpecification.Parameter::name);
    }
}

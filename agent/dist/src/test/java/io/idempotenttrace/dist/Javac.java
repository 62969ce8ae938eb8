package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.tools.ToolProvider;

/** Compiles a source that a test has written, with the annotations at hand. */
final class Javac {

    private Javac() {}

    /** @param options besides those that say where classes are, and that the oldest supported JDK is to run them */
    static void compile(Path source, Path classes, String... options) {
        List<String> arguments = new ArrayList<>(List.of("-nowarn", "--release", "17"));
        arguments.addAll(Arrays.asList(options));
        arguments.addAll(
                List.of("-d", classes.toString(), "-classpath", AgentRun.ANNOTATIONS.toString(), source.toString()));
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0])));
    }
}

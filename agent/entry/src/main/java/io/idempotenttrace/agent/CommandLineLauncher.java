package io.idempotenttrace.agent;

import java.io.File;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.jar.JarFile;

/** Runs the command line, which lives in the engine's loader with its libraries. */
public final class CommandLineLauncher {

    private CommandLineLauncher() {
    }

    /** @return the exit status */
    public static int run(File jar, String[] arguments) throws Exception {
        ClassLoader loader = new EngineClassLoader(new JarFile(jar, false));
        return (Integer) Class.forName("io.idempotenttrace.core.cli.CommandLineTool", true, loader)
                .getMethod("run", String[].class, InputStream.class, PrintStream.class, PrintStream.class)
                .invoke(null, arguments, System.in, System.out, System.err);
    }
}

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
        JarFile opened = new JarFile(jar, false);
        ClassLoader loader = new EngineClassLoader(opened);
        String version = opened.getManifest().getMainAttributes().getValue("Implementation-Version");
        return (Integer) Class.forName("io.idempotenttrace.core.cli.CommandLineTool", true, loader)
                .getMethod("run", String.class, String[].class, InputStream.class, PrintStream.class, PrintStream.class)
                .invoke(null, version, arguments, System.in, System.out, System.err);
    }
}

package io.idempotenttrace.agent;

import java.io.File;
import java.io.InputStream;
import java.io.PrintStream;

/** Runs the command line; all but one command live in the engine's loader with its libraries. */
public final class CommandLineLauncher {

    private CommandLineLauncher() {}

    /** @return the exit status */
    public static int run(File jar, String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals(AttachCommand.NAME)) {
            return new AttachCommand(jar, System.out, System.err).run(arguments);
        }
        ClassLoader loader = new EngineClassLoader(EngineArchive.open(jar), CommandLineLauncher.class.getClassLoader());
        return (Integer) Class.forName("io.idempotenttrace.cli.CommandLineTool", true, loader)
                .getMethod("run", String.class, String[].class, InputStream.class, PrintStream.class, PrintStream.class)
                .invoke(null, AgentVersion.TEXT, arguments, System.in, System.out, System.err);
    }
}

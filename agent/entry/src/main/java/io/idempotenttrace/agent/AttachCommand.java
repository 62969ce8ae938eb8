package io.idempotenttrace.agent;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.idempotenttrace.config.AttachFailure;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code attach PID [name=value,...]}: puts the agent into a JVM that runs already. Not one of the engine's commands: it needs this
 * jar, and nothing of what is in the engine.
 */
final class AttachCommand {

    static final String NAME = "attach";

    /** The module of {@link VirtualMachine}; a runtime image may lack it. */
    private static final String NEEDED = "jdk.attach";

    private static final String USAGE = "attach PID [name=value,...]";

    private final File jar;
    private final PrintStream out;
    private final PrintStream err;

    AttachCommand(File jar, PrintStream out, PrintStream err) {
        this.jar = jar;
        this.out = out;
        this.err = err;
    }

    /** @return the exit status: 0; 1 if the agent does not run there, or did before; 2 if the arguments are wrong */
    int run(String[] arguments) {
        if (arguments.length == 2 && (arguments[1].equals("--help") || arguments[1].equals("-h"))) {
            out.println("Usage: java -jar idempotent-trace-agent.jar " + USAGE);
            out.println(
                    "Puts the agent, with these settings, into the JVM whose process has that id. Run it as the same user, where the"
                            + " same files are to be seen.");
            out.println(
                    "Exit status: 0 the agent runs there; 1 it does not, or did already: stderr says why; 2 wrong arguments");
            return 0;
        }
        if (arguments.length < 2 || arguments.length > 3 || !isProcessId(arguments[1])) {
            return fail(2, "wrong arguments; write " + USAGE);
        }
        String pid = arguments[1];
        if (ModuleLayer.boot().findModule(NEEDED).isEmpty()) {
            return fail(1, "this Java has no module " + NEEDED + "; run the command with the java of a JDK");
        }
        if (ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
            return fail(1, "there is no process " + pid);
        }
        String problem = Target.attach(pid, jar, arguments.length == 3 ? arguments[2] : "");
        if (problem != null) {
            return fail(1, problem);
        }
        out.println("the agent runs in " + pid + " now; what it has to say is on that process' stderr");
        return 0;
    }

    private int fail(int status, String problem) {
        err.println("idempotent-trace: " + problem);
        return status;
    }

    private static boolean isProcessId(String text) {
        try {
            return Long.parseLong(text) > 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** The other JVM; all that names classes of the module which may be missing. */
    private static final class Target {

        /** Null if the agent runs there, else what is wrong, for people. */
        static @Nullable String attach(String pid, File jar, String settings) {
            VirtualMachine target;
            try {
                target = VirtualMachine.attach(pid);
            } catch (AttachNotSupportedException e) {
                return "process " + pid
                        + " lets nothing attach: it is no JVM, or was started with -XX:+DisableAttachMechanism"
                        + AttachFailure.reason(e);
            } catch (IOException e) {
                return "process " + pid + " can't be reached" + AttachFailure.reason(e)
                        + "; run this command as the user of that process, and in its container";
            }
            try {
                return load(target, pid, jar.getAbsolutePath(), settings);
            } finally {
                detach(target);
            }
        }

        private static @Nullable String load(VirtualMachine target, String pid, String jar, String settings) {
            try {
                target.loadAgent(jar, settings);
                String outcome =
                        target.getSystemProperties().getProperty(IdempotentTraceAgent.OUTCOME, "it did not answer");
                if (outcome.equals(IdempotentTraceAgent.RUNS)) {
                    return null;
                }
                return outcome.equals(AgentStart.RUNS_ALREADY)
                        ? "the agent runs in " + pid + " already, with the settings that it was started with"
                        : "the agent does not run in " + pid + ": " + outcome;
            } catch (AgentLoadException e) {
                return "the JVM " + pid + " did not load " + jar + " (" + e.getMessage()
                        + "); the file must be there for that process too";
            } catch (AgentInitializationException | IOException e) {
                return "the agent could not start in " + pid + " (" + e.getMessage() + ")";
            }
        }

        private static void detach(VirtualMachine target) {
            try {
                target.detach();
            } catch (IOException e) {
                // The process ended meanwhile, or will notice by itself.
            }
        }
    }
}

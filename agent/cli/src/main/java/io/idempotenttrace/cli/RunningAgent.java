package io.idempotenttrace.cli;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.idempotenttrace.config.AttachFailure;
import io.idempotenttrace.core.failure.Failures;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * The agent in another JVM of this machine, asked by its MBean. The other JVM begins to use JMX for it, on a port of the local host that
 * only its own user can use, and prints nothing: no agent is loaded into it.
 */
final class RunningAgent implements AutoCloseable {

    private static final String NAME = "io.idempotenttrace:type=Agent";
    /** Set by the agent as it starts; its value is the version, or off. */
    private static final String PRESENT = "io.idempotenttrace.agent";

    private static final String ATTACH = "jdk.attach";
    private static final int OLDEST_JAVA = 17;
    /** The agent looks every 20 ms, and after a while every second, whether somebody uses JMX. */
    private static final long REGISTERED_AFTER_MILLIS = 5000;

    private static final long LOOK_MILLIS = 20;

    private final String pid;
    private final JMXConnector connector;
    private final MBeanServerConnection server;
    private final ObjectName agent;

    private RunningAgent(String pid, JMXConnector connector, MBeanServerConnection server, ObjectName agent) {
        this.pid = pid;
        this.connector = connector;
        this.server = server;
        this.agent = agent;
    }

    /** Whether a command's argument can be the id of a process. */
    static boolean isProcess(String argument) {
        return !argument.isEmpty()
                && argument.length() <= 18
                && argument.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /**
     * @throws WrongUseException if the argument is no process id; it is not repeated, since a URL or a secret may stand there by mistake
     * @throws CommandFailure if there is no such process, it lets nobody ask, or the agent is not in it */
    static RunningAgent of(String pid) throws CommandFailure {
        if (ModuleLayer.boot().findModule(ATTACH).isEmpty()) {
            throw new CommandFailure("this Java has no module " + ATTACH + "; run the command with the java of a JDK");
        }
        if (!isProcess(pid)) {
            throw new WrongUseException("PID is no process id; give the number that jps or ps shows");
        }
        if (ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
            throw new CommandFailure("there is no process " + pid);
        }
        return Target.reach(pid);
    }

    /** All that names classes of the module which may be missing. */
    private static final class Target {

        private static RunningAgent reach(String pid) throws CommandFailure {
            VirtualMachine target;
            try {
                target = VirtualMachine.attach(pid);
            } catch (AttachNotSupportedException e) {
                throw new CommandFailure("process " + pid
                        + " lets nobody ask: it is no JVM, or was started with -XX:+DisableAttachMechanism"
                        + AttachFailure.reason(e));
            } catch (IOException e) {
                throw new CommandFailure("process " + pid + " can't be reached" + AttachFailure.reason(e)
                        + "; run this command as the user of that process, and in its container");
            }
            try {
                return connect(pid, target);
            } finally {
                detach(target);
            }
        }

        @SuppressWarnings("BanJNDI") // The address is the one that this user's own JVM has just told.
        private static RunningAgent connect(String pid, VirtualMachine target) throws CommandFailure {
            try {
                Properties properties = target.getSystemProperties();
                String java = properties.getProperty("java.specification.version", "");
                if (java.startsWith("1.") || Integer.parseInt(java) < OLDEST_JAVA) {
                    throw new CommandFailure("process " + pid + " runs Java " + java
                            + ", in which the agent can't run; " + OLDEST_JAVA + " or newer is needed");
                }
                JMXConnector connector =
                        JMXConnectorFactory.connect(new JMXServiceURL(target.startLocalManagementAgent()));
                return registered(pid, connector, properties);
            } catch (IOException | JMException | NumberFormatException e) {
                throw new CommandFailure("process " + pid + " can't be asked by JMX (" + Failures.firstLine(e)
                        + "); its Java needs the module jdk.management.agent");
            }
        }

        private static void detach(VirtualMachine target) {
            try {
                target.detach();
            } catch (IOException e) {
                // The process has ended meanwhile, or will notice by itself.
            }
        }
    }

    private static RunningAgent registered(String pid, JMXConnector connector, Properties properties)
            throws IOException, JMException, CommandFailure {
        MBeanServerConnection server = connector.getMBeanServerConnection();
        ObjectName name = new ObjectName(NAME);
        String present = properties.getProperty(PRESENT, "");
        boolean off = present.equals("off");
        long wait = present.isEmpty() || off ? 0 : REGISTERED_AFTER_MILLIS;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wait);
        while (!server.isRegistered(name)) {
            if (System.nanoTime() - end >= 0) {
                connector.close();
                throw new CommandFailure(absent(pid, off, wait > 0));
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailure("interrupted while asking process " + pid);
            }
        }
        return new RunningAgent(pid, connector, server, name);
    }

    private static String absent(String pid, boolean off, boolean present) {
        if (off || present) {
            return "the agent in process " + pid + " can't be asked: "
                    + (off ? "it was started with mode=off, and weaves nothing" : "its MBean is not registered");
        }
        return "process " + pid + " runs without the agent. Put it in: java -jar idempotent-trace-agent.jar attach "
                + pid + ", or start it with -javaagent:idempotent-trace-agent.jar";
    }

    String pid() {
        return pid;
    }

    /** @throws CommandFailure if the JVM has ended meanwhile, or its agent is older and lacks it */
    Object attribute(String name) throws CommandFailure {
        try {
            return server.getAttribute(agent, name);
        } catch (IOException | JMException e) {
            throw unanswered(name, e);
        }
    }

    /** Whether calls are guarded now, as a line for people: that methods are woven, and what was set at the start, does not tell. */
    String now() throws CommandFailure {
        return "now: " + attribute("State") + " (mode=" + attribute("Mode") + ", store=" + attribute("Store") + ")";
    }

    /** As {@link #attribute}, of one whose value is a list. */
    List<CompositeData> composites(String name) throws CommandFailure {
        return Arrays.asList((CompositeData[]) attribute(name));
    }

    /** What {@code explain} of the MBean returns. */
    List<String> explain() throws CommandFailure {
        return invoke("explain", new Object[0], new String[0]);
    }

    /** What {@code verdicts} of the MBean returns. */
    List<String> verdicts(boolean showKeys) throws CommandFailure {
        return invoke("verdicts", new Object[] {showKeys}, new String[] {"boolean"});
    }

    private List<String> invoke(String operation, Object[] arguments, String[] types) throws CommandFailure {
        try {
            return Arrays.asList((String[]) server.invoke(agent, operation, arguments, types));
        } catch (IOException | JMException e) {
            throw unanswered(operation, e);
        }
    }

    /** The MBeans of the JDK there, such as that of its threads. */
    MBeanServerConnection server() {
        return server;
    }

    private CommandFailure unanswered(String what, Exception failure) {
        return new CommandFailure("the agent in process " + pid + " did not answer '" + what + "' ("
                + Failures.firstLine(failure) + "); an older version of the agent can't");
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException e) {
            // The JVM there has ended.
        }
    }
}

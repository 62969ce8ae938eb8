package io.idempotenttrace.dist.app;

import java.lang.management.ManagementFactory;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Uses the agent's MBean as an operator does. */
final class AgentMBeanClient {

    private static final int PATIENCE_MILLIS = 30_000;

    private AgentMBeanClient() {}

    static void setMode(String mode) throws JMException, InterruptedException {
        server().setAttribute(name(), new Attribute("Mode", mode));
    }

    static Object get(String attribute) throws JMException, InterruptedException {
        return server().getAttribute(name(), attribute);
    }

    static ObjectName name() throws JMException {
        return new ObjectName("io.idempotenttrace:type=Agent");
    }

    /** The platform's server, once the agent has registered there: it does so aside, when it sees that JMX is in use. */
    static MBeanServer server() throws JMException, InterruptedException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        for (int waited = 0; !server.isRegistered(name()) && waited < PATIENCE_MILLIS; waited += 10) {
            Thread.sleep(10);
        }
        return server;
    }
}

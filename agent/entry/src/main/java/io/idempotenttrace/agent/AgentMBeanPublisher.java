package io.idempotenttrace.agent;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/** The only class that names JMX: a JVM image may lack its module. */
final class AgentMBeanPublisher {

    private static final String NAME = "io.idempotenttrace:type=Agent";

    private AgentMBeanPublisher() {}

    /**
     * Registers with the platform's MBean server, which is never created here.
     *
     * @param again whether an attempt before this one has met an Error, perhaps after it had registered the MBean
     * @return false if there is no such server yet
     */
    static boolean publish(AgentControl control, boolean again) throws JMException {
        for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
            if (server.isRegistered(new ObjectName("java.lang:type=Runtime"))) {
                ObjectName name = new ObjectName(NAME);
                if (!again || !server.isRegistered(name)) {
                    // As an MXBean: who looks from afar needs no class of the agent.
                    server.registerMBean(new StandardMBean(control, AgentMBean.class, /* isMXBean= */ true), name);
                }
                return true;
            }
        }
        return false;
    }
}

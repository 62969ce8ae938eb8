package io.idempotenttrace.core.redisclient;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;

/**
 * Keeps Netty's log from where nobody set one up. Without SLF4J its choice would be java.util.logging, whose initialisation
 * belongs to the application. Inside the agent there is no SLF4J on purpose; as a library there is.
 */
final class SilentNetty {

    private SilentNetty() {}

    /** To be called before the first other class of Netty or Lettuce is used. */
    static void installWhereNoLoggingIs() {
        try {
            Class.forName("org.slf4j.LoggerFactory", false, SilentNetty.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            InternalLoggerFactory.setDefaultFactory(new SilentFactory());
        }
    }

    private static final class SilentFactory extends InternalLoggerFactory {

        @Override
        protected InternalLogger newInstance(String name) {
            return new SilentLogger(name);
        }
    }
}

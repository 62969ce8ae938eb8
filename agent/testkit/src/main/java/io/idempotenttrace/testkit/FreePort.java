package io.idempotenttrace.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers of tests, outside of the range from which the kernel takes those of clients. */
public final class FreePort {

    /** Below the ports that the system gives to clients: one must not take a killed server's port before its restart. */
    private static final int LOWEST_PORT = 12_000;

    private static final int HIGHEST_PORT = 22_000;
    /** A Cluster's nodes talk to each other on a second port, this far above the first. */
    private static final int BUS_OFFSET = 10_000;

    private FreePort() {}

    /** A port that nobody listens on, nor on the one of a Cluster's bus that belongs to it. */
    public static int find() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
            if (isFree(port) && isFree(port + BUS_OFFSET)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}

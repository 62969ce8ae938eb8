package io.idempotenttrace.core.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/**
 * Who holds a claim, for people: {@code host/pid/agent version/thread}. At most 64 bytes, of which the thread's name gives way
 * first: a longer field would cost the whole record its compact form in Redis.
 */
final class Holder {

    private static final int MOST_BYTES = 64;
    private static final int MOST_HOST_BYTES = 32;

    private final String hostAndPid;
    private final String version;
    private final String process;

    Holder() {
        String host = host();
        hostAndPid = (host.length() <= MOST_HOST_BYTES ? host : host.substring(host.length() - MOST_HOST_BYTES))
                + '/'
                + ProcessHandle.current().pid();
        version = readVersion();
        process = hostAndPid + '/' + version + '/';
    }

    /** This process, without what may change. */
    String hostAndPid() {
        return hostAndPid;
    }

    /** Of the agent; a question mark where that is not known. */
    String version() {
        return version;
    }

    /** This process and the calling thread. */
    byte[] encodedForThisThread() {
        byte[] all = Wtf8.encode(process.concat(Thread.currentThread().getName()));
        return all.length <= MOST_BYTES ? all : cut(all);
    }

    private static byte[] cut(byte[] all) {
        int end = MOST_BYTES;
        while (end > 0 && (all[end] & 0xc0) == 0x80) {
            // Not in the middle of a character.
            end--;
        }
        return java.util.Arrays.copyOf(all, end);
    }

    private static String host() {
        String host = System.getenv("HOSTNAME");
        if (host != null && !host.isEmpty()) {
            return host;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown-host";
        }
    }

    private static String readVersion() {
        try (InputStream in = Holder.class.getResourceAsStream("/io/idempotenttrace/core/version.txt")) {
            return in == null ? "?" : new String(in.readAllBytes(), StandardCharsets.UTF_8).trim();
        } catch (IOException e) {
            return "?";
        }
    }
}

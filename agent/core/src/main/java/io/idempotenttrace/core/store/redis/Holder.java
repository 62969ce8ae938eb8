package io.idempotenttrace.core.store.redis;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Who holds a claim, for people: host and process. */
final class Holder {

    private Holder() {
    }

    /** {@code host/pid}, at most 64 characters: a longer field would cost the whole record its compact form in Redis. */
    static String describe() {
        String text = host() + "/" + ProcessHandle.current().pid();
        return text.length() <= 64 ? text : text.substring(text.length() - 64);
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
}

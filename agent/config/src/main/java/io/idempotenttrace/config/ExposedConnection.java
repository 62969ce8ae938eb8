package io.idempotenttrace.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What of a connection to Redis others on the network may read, or pose as. */
final class ExposedConnection {

    private ExposedConnection() {}

    /**
     * For people, each in a sentence. No part of the URL is repeated but hosts.
     *
     * @param values the settings that were given, all of them checked
     */
    static List<String> notes(Map<Setting, String> values) {
        List<String> notes = new ArrayList<>();
        String url = values.getOrDefault(Setting.REDIS_URL, "");
        int colon = url.indexOf("://");
        if (colon < 0 || "memory".equals(values.get(Setting.STORE))) {
            return notes;
        }
        boolean tls = url.startsWith("rediss");
        boolean unverified = "none".equals(values.get(Setting.REDIS_VERIFY_PEER));
        if (tls && unverified) {
            notes.add(
                    "redis-verify-peer=none: the certificate of Redis is not checked, so that whoever stands between can pose as Redis and"
                            + " read the password. Set redis-verify-peer=full, and redis-ca-file where the authority is your own");
        } else if (unverified) {
            notes.add("redis-verify-peer=none has no effect: the Redis URL asks for no TLS; write rediss://");
        }
        String rest = url.substring(colon + 3);
        int end = firstOf(rest, "/?#");
        int at = rest.lastIndexOf('@', end);
        boolean password = rest.substring(0, Math.max(0, at)).indexOf(':') >= 0
                || !values.getOrDefault(Setting.REDIS_PASSWORD_FILE, "").isEmpty();
        String distant = distantHost(rest.substring(at + 1, end));
        if (password && !tls && !distant.isEmpty()) {
            notes.add("the password for Redis goes to " + Printable.text(distant)
                    + " without TLS, so that who listens on the network can read it, as well as records and results. Write rediss:// in the"
                    + " Redis URL");
        }
        return notes;
    }

    /** The first host that is not this machine by its name; empty where all are. */
    private static String distantHost(String hosts) {
        for (String one : hosts.split(",")) {
            String host = host(one);
            if (!host.isEmpty() && !isLocal(host)) {
                return host;
            }
        }
        return "";
    }

    private static String host(String hostAndPort) {
        String host = URI.create("redis://" + hostAndPort).getHost();
        if (host != null) {
            return host;
        }
        int colon = hostAndPort.lastIndexOf(':');
        return colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
    }

    private static boolean isLocal(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || name.startsWith("127.") && isNumeric(name)
                || name.equals("[::1]")
                || name.equals("[0:0:0:0:0:0:0:1]");
    }

    private static boolean isNumeric(String address) {
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    private static int firstOf(String text, String characters) {
        for (int i = 0; i < text.length(); i++) {
            if (characters.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }
}

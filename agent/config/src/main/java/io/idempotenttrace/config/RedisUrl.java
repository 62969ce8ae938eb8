package io.idempotenttrace.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Redis URL as a user wrote it: what it says in the agent's own words, or what is wrong with it. It may carry a password, so no
 * message repeats any part of it but a scheme and the names of parameters.
 *
 * <p>Blanks and line ends around it are cut off: they come from files and from environments that are filled by scripts. The schemes of
 * Valkey stand for those of Redis. Parameters of redis-py and Lettuce that decide to whom the agent connects are understood; those that
 * tune a client have no effect; one that the agent does not know, and that may concern TLS or a login, makes the URL wrong.
 */
final class RedisUrl {

    private static final String[] SCHEMES = {
        "redis", "rediss", "redis-sentinel", "rediss-sentinel", "redis-cluster", "rediss-cluster"
    };
    private static final String UNIX_SOCKETS =
            "|unix|unixs|redis+unix|rediss+unix|redis-unix|redis-socket|redis+socket|valkey+unix|";
    /** Of clients, about their own buffers, threads and retries. */
    private static final String TUNING =
            "|timeout|clientname|libraryname|libraryversion|client_name|lib_name|lib_version|socket_timeout"
                    + "|socket_connect_timeout|socket_keepalive|socket_read_size|retry_on_timeout|retry_on_error|max_connections|health_check_interval"
                    + "|decode_responses|encoding|encoding_errors|protocol|";

    private static final int LONGEST_SHOWN_NAME = 40;

    private final Map<Setting, String> implied = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private @Nullable String databaseParameter;
    private @Nullable String masterParameter;
    private @Nullable String problem;
    private String url = "";

    private RedisUrl() {}

    static RedisUrl of(String text) {
        RedisUrl read = new RedisUrl();
        String trimmed = text.trim();
        if (!trimmed.isEmpty()) {
            read.read(trimmed);
        }
        return read;
    }

    /** The URL with one of the schemes that the store knows, without parameters; empty where the text is blank. */
    String url() {
        return url;
    }

    /** What is wrong and what to do; null if nothing is. */
    @Nullable
    String problem() {
        return problem;
    }

    /** The settings that parameters of the URL stand for. */
    Map<Setting, String> implied() {
        return implied;
    }

    /** What the URL says without effect, for people. */
    List<String> notes() {
        return notes;
    }

    private void read(String text) {
        int colon = text.indexOf("://");
        String scheme = colon < 0 ? "" : lowerCase(text.substring(0, colon));
        if (UNIX_SOCKETS.contains('|' + scheme + '|') && !scheme.isEmpty() || text.charAt(0) == '/') {
            problem =
                    "names a Unix socket, which the agent can't connect to: it carries no native code. Let Redis listen on a port of"
                            + " 127.0.0.1, and write redis://127.0.0.1:6379";
            return;
        }
        if (scheme.startsWith("valkey")) {
            scheme = "redis" + scheme.substring("valkey".length());
        }
        boolean known = false;
        for (String each : SCHEMES) {
            known |= each.equals(scheme);
        }
        if (!known) {
            problem =
                    "begins with no scheme of Redis; write redis://[user:password@]host[:port][/database], rediss:// for TLS,"
                            + " redis-sentinel://host[,host]#master or redis-cluster://host[,host]";
            return;
        }
        rest(scheme, text.substring(colon + 3));
    }

    private void rest(String scheme, String rest) {
        for (int i = 0; i < rest.length(); i++) {
            if (rest.charAt(i) <= ' ' || rest.charAt(i) == 0x7f) {
                problem =
                        "has a blank or a control character inside; take it out, or write it as %20 and the like in a password";
                return;
            }
        }
        int end = firstOf(rest, "/?#");
        String authority = rest.substring(0, end);
        int at = authority.lastIndexOf('@');
        // Behind the hosts there is no '@': one there is the end of a password in which a '/', '?' or '#' stands as it
        // is.
        if (rest.indexOf('@', end) >= 0 || at >= 0 && authority.indexOf('@') < at) {
            problem =
                    "has a user or password with a '@', '/', '?' or '#' as it is; percent-encode it there: %40 for '@', %2F for '/',"
                            + " %3F for '?', %23 for '#', %25 for '%'";
            return;
        }
        String login = authority.substring(0, at + 1);
        if (!isUriText("redis://" + login + "h")) {
            problem =
                    "has a user or password with a character that a URL can't hold as it is; percent-encode it, such as %25 for '%'";
            return;
        }
        String hosts = authority.substring(at + 1);
        if (hasWrongHosts(hosts)) {
            return;
        }
        int query = rest.indexOf('?', end);
        int fragment = rest.indexOf('#', end);
        if (query > fragment && fragment >= 0) {
            query = -1;
        }
        String master = fragment < 0 ? "" : rest.substring(fragment + 1);
        String database = rest.substring(end, query >= 0 ? query : fragment >= 0 ? fragment : rest.length());
        parameters(query < 0 ? "" : rest.substring(query + 1, fragment < 0 ? rest.length() : fragment));
        if (databaseParameter != null) {
            database = '/' + databaseParameter;
        }
        master = master.isEmpty() && masterParameter != null ? masterParameter : master;
        finish(scheme, login, hosts, database, master);
    }

    private void finish(String scheme, String login, String hosts, String database, String master) {
        if (problem != null) {
            return;
        }
        if (!database.isEmpty() && !database.equals("/") && ValueKind.parseCount(database.substring(1)) < 0) {
            problem = "has a database that is no number; write it behind the host, as in redis://host:6379/0";
        } else if (scheme.endsWith("-sentinel") == master.isEmpty()) {
            problem = master.isEmpty()
                    ? "names Sentinels but no primary; append #<name of the primary>, as Sentinel's configuration names it"
                    : "has a '#' behind the host, which only a redis-sentinel:// URL has; in a password write %23";
        } else {
            String text = scheme + "://" + login + hosts + database + (master.isEmpty() ? "" : '#' + master);
            problem = isUriText(text)
                    ? null
                    : hosts.indexOf(',') >= 0 && hosts.indexOf('[') >= 0
                            ? "has several hosts and an IPv6 address among them, which a URL can't hold; write the names of the hosts"
                            : "has a character that a URL can't hold as it is; percent-encode it";
            url = text;
        }
    }

    private boolean hasWrongHosts(String hosts) {
        int from = 0;
        while (problem == null && from <= hosts.length()) {
            int comma = hosts.indexOf(',', from);
            int end = comma < 0 ? hosts.length() : comma;
            int bracket = hosts.lastIndexOf(']', end);
            int colon = hosts.indexOf(':', Math.max(from, bracket));
            String host = hosts.substring(from, colon >= 0 && colon < end ? colon : end);
            if (host.isEmpty()) {
                problem = "has no host; write redis://host:6379";
            } else if (colon >= 0 && colon < end) {
                int port = ValueKind.parseCount(hosts.substring(colon + 1, end));
                if (port < 1 || port > 65_535) {
                    problem =
                            "has a port that is no number from 1 to 65535; if it is a part of the password, percent-encode what a"
                                    + " password can't hold: %2F for '/', %40 for '@'";
                }
            }
            from = end + 1;
        }
        return problem != null;
    }

    private void parameters(String query) {
        int from = 0;
        while (problem == null && from < query.length()) {
            int ampersand = query.indexOf('&', from);
            int end = ampersand < 0 ? query.length() : ampersand;
            int equals = query.indexOf('=', from);
            boolean valued = equals >= 0 && equals < end;
            parameter(query.substring(from, valued ? equals : end), valued ? query.substring(equals + 1, end) : "");
            from = end + 1;
        }
    }

    private void parameter(String name, String value) {
        String known = lowerCase(name);
        if (known.equals("db") || known.equals("database")) {
            databaseParameter = value;
        } else if (known.equals("sentinelmasterid")) {
            masterParameter = value;
        } else if (known.equals("ssl_cert_reqs") || known.equals("verifypeer")) {
            verification(name, lowerCase(value));
        } else if (known.equals("ssl_check_hostname")) {
            if (isFalse(lowerCase(value)) && !"none".equals(implied.get(Setting.REDIS_VERIFY_PEER))) {
                implied.put(Setting.REDIS_VERIFY_PEER, "ca");
            }
        } else if (known.equals("ssl_ca_certs")) {
            implied.put(Setting.REDIS_CA_FILE, decoded(value));
        } else if (known.equals("ssl_certfile")) {
            implied.put(Setting.REDIS_CERT_FILE, decoded(value));
        } else if (known.equals("ssl_keyfile")) {
            implied.put(Setting.REDIS_KEY_FILE, decoded(value));
        } else if (known.startsWith("ssl")
                || known.startsWith("tls")
                || known.startsWith("user")
                || known.startsWith("pass")) {
            problem = "has the parameter " + shown(name)
                    + ", which the agent does not know; write rediss:// for TLS, user:password@ before"
                    + " the host, and use the settings redis-ca-file, redis-cert-file, redis-key-file and redis-verify-peer";
        } else if (!TUNING.contains('|' + known + '|')) {
            notes.add("the parameter " + shown(name) + " of the Redis URL has no effect on the agent");
        }
    }

    private void verification(String name, String value) {
        if (value.equals("none") || value.equals("cert_none") || isFalse(value)) {
            implied.put(Setting.REDIS_VERIFY_PEER, "none");
        } else if (value.equals("ca")) {
            implied.put(Setting.REDIS_VERIFY_PEER, "ca");
        } else if (value.equals("required")
                || value.equals("cert_required")
                || value.equals("optional")
                || value.equals("cert_optional")
                || value.equals("full")) {
            // Of a server there is always a certificate, so that optional checks it too.
            implied.putIfAbsent(Setting.REDIS_VERIFY_PEER, "full");
        } else {
            problem = "has a value of " + shown(name)
                    + " that the agent does not know; allowed is none, optional or required";
        }
    }

    private static boolean isFalse(String value) {
        return value.equals("false") || value.equals("no") || value.equals("0");
    }

    private static String shown(String name) {
        boolean plain = !name.isEmpty() && name.length() <= LONGEST_SHOWN_NAME;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            plain &= c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
        }
        return plain ? '\'' + name + '\'' : "(name not shown)";
    }

    /** Percent-decoded, as UTF-8. */
    private static String decoded(String value) {
        try {
            return new URI('?' + value).getQuery();
        } catch (URISyntaxException e) {
            return value;
        }
    }

    private static boolean isUriText(String text) {
        try {
            new URI(text);
            return true;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static int firstOf(String text, String characters) {
        for (int i = 0; i < text.length(); i++) {
            if (characters.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    /** Without the locale's rules. */
    private static String lowerCase(String text) {
        char[] lower = text.toCharArray();
        for (int i = 0; i < lower.length; i++) {
            if (lower[i] >= 'A' && lower[i] <= 'Z') {
                lower[i] = (char) (lower[i] + ('a' - 'A'));
            }
        }
        return new String(lower);
    }
}

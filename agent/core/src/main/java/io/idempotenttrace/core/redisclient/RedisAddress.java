package io.idempotenttrace.core.redisclient;

import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.background.Waiting;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider.ImmediateRedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Where Redis is and who asks. Besides the forms that Lettuce knows there is
 * {@code redis-cluster://[user:password@]host[:port][,host[:port]...]}, and {@code rediss-cluster} for TLS.
 */
final class RedisAddress {

    private static final String CLUSTER_SCHEME_END = "-cluster://";

    /** One server, one set of Sentinels, or nodes of a Cluster to ask for the others. */
    private final List<RedisURI> uris;

    private final boolean cluster;

    private RedisAddress(List<RedisURI> uris, boolean cluster) {
        this.uris = uris;
        this.cluster = cluster;
    }

    /** @throws IllegalArgumentException if a setting can't be used; the message carries no password */
    static RedisAddress of(RedisSettings settings) {
        String url = settings.url();
        List<RedisURI> uris = new ArrayList<>();
        boolean cluster = url.contains(CLUSTER_SCHEME_END) || isListOfServers(url);
        try {
            for (String one : cluster ? nodes(url) : List.of(url)) {
                uris.add(RedisURI.create(one));
            }
        } catch (RuntimeException e) {
            // Neither the text nor the cause's message: they may carry a password.
            throw new IllegalArgumentException(
                    "setting 'redis-url' is no Redis URL (" + e.getClass().getSimpleName()
                            + "); write redis://[user:password@]host[:port][/database], rediss://..., redis-sentinel://host[,host]#master"
                            + " or redis-cluster://host[,host]");
        }
        // Read now as well, so that a file that can't be is told at once.
        passwordOf(settings.passwordFile());
        SslVerifyMode verify = SslVerifyMode.valueOf(settings.verification().name());
        Duration timeout = Duration.ofMillis(settings.connectTimeoutMillis());
        for (RedisURI uri : uris) {
            uri.setTimeout(timeout);
            uri.setClientName("idempotent-trace");
            uri.setVerifyPeer(verify);
            uri.getSentinels().forEach(sentinel -> {
                sentinel.setVerifyPeer(verify);
                sentinel.setTimeout(timeout);
            });
            uri.setCredentialsProvider(new Login(uri, userOf(url), settings.passwordFile()));
        }
        return new RedisAddress(uris, cluster);
    }

    private static boolean isListOfServers(String url) {
        return (url.startsWith("redis://") || url.startsWith("rediss://"))
                && url.indexOf(',', url.lastIndexOf('@')) >= 0;
    }

    /** A Cluster's URL as one URL for each node. */
    private static List<String> nodes(String url) {
        String scheme = url.startsWith("rediss") ? "rediss://" : "redis://";
        String rest = url.substring(url.indexOf("://") + 3);
        int at = rest.lastIndexOf('@');
        String user = rest.substring(0, at + 1);
        int end = rest.indexOf('/', at + 1);
        String hosts = rest.substring(at + 1, end < 0 ? rest.length() : end);
        List<String> nodes = new ArrayList<>();
        for (String host : hosts.split(",")) {
            nodes.add(scheme + user + host);
        }
        return nodes;
    }

    private static @Nullable String passwordOf(String file) {
        if (file.isEmpty()) {
            return null;
        }
        try {
            return Files.readString(Path.of(file), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("setting 'redis-password-file': can't read '" + file + "' ("
                    + e.getClass().getSimpleName() + "); name a readable file whose first line is the password");
        }
    }

    /** The URL's text before the '@' where no ':' is in it: a user if a file has the password; null if there is none. */
    private static @Nullable String userOf(String url) {
        int start = url.indexOf("://") + 3;
        int at = url.lastIndexOf('@');
        if (at <= start || url.substring(start, at).indexOf(':') >= 0) {
            return null;
        }
        // In a URL's user a '+' is itself.
        return URLDecoder.decode(url.substring(start, at).replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** User and password, asked for at each handshake: a file's password is read anew, since it may have been replaced. */
    private static final class Login implements ImmediateRedisCredentialsProvider {

        private final RedisCredentials ofUrl;
        private final @Nullable String userWithoutPassword;
        private final String passwordFile;

        /** @param uri whose own provider makes them anew for each connection, and is asked once */
        Login(RedisURI uri, @Nullable String userWithoutPassword, String passwordFile) {
            this.ofUrl = uri.getCredentialsProvider() instanceof ImmediateRedisCredentialsProvider provider
                    ? provider.resolveCredentialsNow()
                    : Waiting.uninterruptibly(
                            Platform.JVM,
                            uri.getCredentialsProvider().resolveCredentials().toFuture());
            this.userWithoutPassword = userWithoutPassword;
            this.passwordFile = passwordFile;
        }

        /** @throws IllegalArgumentException if the file can't be read */
        @Override
        public RedisCredentials resolveCredentialsNow() {
            String password = passwordOf(passwordFile);
            if (password == null) {
                return ofUrl;
            }
            String user = ofUrl.hasUsername() ? ofUrl.getUsername() : userWithoutPassword;
            return RedisCredentials.just(user, password.toCharArray());
        }

        @Override
        public Mono<RedisCredentials> resolveCredentials() {
            return Mono.fromCallable(this::resolveCredentialsNow);
        }
    }

    /** Whether the URL names a Cluster. A plain URL may turn out to name a node of one. */
    boolean cluster() {
        return cluster;
    }

    /** The one server or set of Sentinels. */
    RedisURI uri() {
        return uris.get(0);
    }

    /** The known nodes of a Cluster. */
    List<RedisURI> uris() {
        return uris;
    }

    boolean sentinel() {
        return !uri().getSentinels().isEmpty();
    }

    /** The server for messages, without user and password. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(sentinel() ? "sentinel " : cluster ? "cluster " : "");
        List<RedisURI> hosts = sentinel() ? uri().getSentinels() : uris;
        for (int i = 0; i < hosts.size(); i++) {
            text.append(i == 0 ? "" : ",")
                    .append(hosts.get(i).getHost())
                    .append(':')
                    .append(hosts.get(i).getPort());
        }
        return sentinel()
                ? text.append(" master ").append(uri().getSentinelMasterId()).toString()
                : text.toString();
    }
}

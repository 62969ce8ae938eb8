package io.idempotenttrace.core.redisclient;

/**
 * What has to be known to connect. Its text carries no password.
 *
 * @param url {@code redis://} and its kin, as the setting {@code redis-url} allows; may carry a password
 * @param passwordFile the file whose first line is the password, which wins over the URL's; empty where there is none
 * @param verification what is checked of the server's certificate
 * @param protocol the protocol to speak
 * @param tls the files of a TLS connection
 * @param connectTimeoutMillis how long a connection may take; above 0. More than 24.8 days are taken as that: Netty counts in an int
 */
public record RedisSettings(
        String url,
        String passwordFile,
        PeerVerification verification,
        Protocol protocol,
        TlsFiles tls,
        long connectTimeoutMillis) {

    /** What is checked of a server's certificate: authority and host name, the authority alone, or nothing. */
    public enum PeerVerification {
        FULL,
        CA,
        NONE
    }

    /** The protocol to speak; AUTO is RESP3 where the server knows it. */
    public enum Protocol {
        AUTO,
        RESP2,
        RESP3
    }

    public RedisSettings {
        connectTimeoutMillis = Math.min(connectTimeoutMillis, Integer.MAX_VALUE);
    }

    @Override
    public String toString() {
        return "RedisSettings of a URL that may carry a password";
    }
}

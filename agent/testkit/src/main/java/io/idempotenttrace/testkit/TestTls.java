package io.idempotenttrace.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;

/**
 * A private authority with a server's and a client's certificate, made when asked for: a certificate in the repository would
 * expire one day. The JDK has no public way to issue one, so its few structures are written here.
 */
public final class TestTls {

    private static final byte[] ECDSA_WITH_SHA256 = sequence(objectIdentifier(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
    private static final DateTimeFormatter UTC_TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final KeyPair authority = newKey();

    private TestTls(Path folder) {
        this.folder = folder;
    }

    /** Writes everything into that folder. */
    public static TestTls in(Path folder) {
        TestTls tls = new TestTls(folder);
        tls.issue("ca", tls.authority, extension(new int[] {0x55, 0x1d, 0x13}, sequence(new byte[] {1, 1, (byte) 0xff})));
        tls.issue("server", newKey(), serverNames());
        tls.issue("client", newKey(), new byte[0]);
        return tls;
    }

    /** The authority's certificate. */
    public Path ca() {
        return folder.resolve("ca.pem");
    }

    /** For a server at 127.0.0.1 or localhost. */
    public Path serverCertificate() {
        return folder.resolve("server.pem");
    }

    public Path serverKey() {
        return folder.resolve("server-key.pem");
    }

    public Path clientCertificate() {
        return folder.resolve("client.pem");
    }

    /** PKCS#8, not encrypted. */
    public Path clientKey() {
        return folder.resolve("client-key.pem");
    }

    /** Lets {@code redis-server} speak TLS on that port, to clients with a certificate of the authority alone. */
    public String[] configuration(int tlsPort) {
        return new String[] {"--tls-port", Integer.toString(tlsPort), "--tls-cert-file", serverCertificate().toString(), "--tls-key-file",
            serverKey().toString(), "--tls-ca-cert-file", ca().toString(), "--tls-auth-clients", "yes"};
    }

    /** A port to speak TLS on. */
    public static int freePort() {
        return RedisProcess.freePort();
    }

    private static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void issue(String name, KeyPair key, byte[] extensions) {
        try {
            Instant now = Instant.now();
            byte[] validity = sequence(utcTime(now.minus(1, ChronoUnit.DAYS)), utcTime(now.plus(2, ChronoUnit.DAYS)));
            byte[] body = sequence(tagged(0xa0, tagged(0x02, new byte[] {2})),
                    tagged(0x02, BigInteger.valueOf(System.nanoTime()).toByteArray()), ECDSA_WITH_SHA256, commonName("ca"), validity,
                    commonName(name), key.getPublic().getEncoded(),
                    extensions.length == 0 ? new byte[0] : tagged(0xa3, sequence(extensions)));
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(authority.getPrivate());
            signature.update(body);
            write(name + ".pem", "CERTIFICATE", sequence(body, ECDSA_WITH_SHA256, bitString(signature.sign())));
            write(name + "-key.pem", "PRIVATE KEY", key.getPrivate().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(String file, String what, byte[] der) {
        try {
            Files.writeString(folder.resolve(file), "-----BEGIN " + what + "-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] serverNames() {
        byte[] address = InetAddress.getLoopbackAddress().getAddress();
        return extension(new int[] {0x55, 0x1d, 0x11}, sequence(tagged(0x82, "localhost".getBytes(StandardCharsets.US_ASCII)),
                tagged(0x87, address.length == 4 ? address : new byte[] {127, 0, 0, 1})));
    }

    private static byte[] extension(int[] id, byte[] value) {
        return sequence(objectIdentifier(id), tagged(0x04, value));
    }

    private static byte[] commonName(String name) {
        return sequence(tagged(0x31, sequence(objectIdentifier(0x55, 0x04, 0x03), tagged(0x0c, name.getBytes(StandardCharsets.UTF_8)))));
    }

    private static byte[] utcTime(Instant time) {
        return tagged(0x17, UTC_TIME.format(time).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] objectIdentifier(int... encoded) {
        byte[] bytes = new byte[encoded.length];
        for (int i = 0; i < encoded.length; i++) {
            bytes[i] = (byte) encoded[i];
        }
        return tagged(0x06, bytes);
    }

    private static byte[] bitString(byte[] bytes) {
        return tagged(0x03, concatenated(List.of(new byte[] {0}, bytes)));
    }

    private static byte[] sequence(byte[]... parts) {
        return tagged(0x30, concatenated(List.of(parts)));
    }

    private static byte[] concatenated(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** Tag, length, value of DER. */
    private static byte[] tagged(int tag, byte[] value) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        if (value.length < 0x80) {
            all.write(value.length);
        } else {
            all.write(value.length < 0x100 ? 0x81 : 0x82);
            if (value.length >= 0x100) {
                all.write(value.length >> 8);
            }
            all.write(value.length);
        }
        all.writeBytes(value);
        return all.toByteArray();
    }
}

package io.idempotenttrace.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A private authority with a server's and a client's certificate, made when asked for: a certificate in the repository would
 * expire one day. The JDK's own {@code keytool} issues them into a key store; what {@code redis-server} and its clients read are
 * PEM files, which are written from that store.
 */
public final class TestTls {

    private static final String PASSWORD = "not-secret";

    private final Path folder;
    private final Path store;

    private TestTls(Path folder) {
        this.folder = folder;
        this.store = folder.resolve("tls.p12");
    }

    /** Writes everything into that folder. */
    public static TestTls in(Path folder) {
        TestTls tls = new TestTls(folder);
        tls.issue("ca", "-ext", "bc:critical=ca:true");
        tls.issue("server", "-signer", "ca", "-ext", "san=dns:localhost,ip:127.0.0.1");
        tls.issue("client", "-signer", "ca");
        tls.writePemFiles("ca", "server", "client");
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
        return new String[] {
            "--tls-port",
            Integer.toString(tlsPort),
            "--tls-cert-file",
            serverCertificate().toString(),
            "--tls-key-file",
            serverKey().toString(),
            "--tls-ca-cert-file",
            ca().toString(),
            "--tls-auth-clients",
            "yes"
        };
    }

    /** Generates a key, and a certificate that is valid from yesterday on: the clocks of two processes may differ. */
    private void issue(String name, String... more) {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> command = new ArrayList<>(List.of(
                keytool.toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-sigalg",
                "SHA256withECDSA",
                "-startdate",
                "-1d",
                "-validity",
                "3",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(List.of(more));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed: " + printed);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for keytool", e);
        }
    }

    private void writePemFiles(String... names) {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore issued = KeyStore.getInstance("PKCS12");
            issued.load(in, PASSWORD.toCharArray());
            for (String name : names) {
                write(name + ".pem", "CERTIFICATE", issued.getCertificate(name).getEncoded());
                write(
                        name + "-key.pem",
                        "PRIVATE KEY",
                        issued.getKey(name, PASSWORD.toCharArray()).getEncoded());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(String file, String what, byte[] der) throws IOException {
        Files.writeString(
                folder.resolve(file),
                "-----BEGIN " + what + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what
                        + "-----\n");
    }
}

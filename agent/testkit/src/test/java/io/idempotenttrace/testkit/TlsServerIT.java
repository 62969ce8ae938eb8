package io.idempotenttrace.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsServerIT {

    @TempDir
    private Path folder;

    @Test
    void aServerOfTheAuthorityIsTrustedAndWantsAClientOfIt() throws Exception {
        Assumptions.assumeTrue(RedisBinary.newest().hasTls(), "skipped: this redis-server was built without TLS");
        TestTls tls = TestTls.in(folder);
        int port = FreePort.find();
        try (TestRedis redis = TestRedis.start(tls.configuration(port))) {
            assertEquals("+PONG", ping(context(tls, /* withClient= */ true), port));
            assertThrows(IOException.class, () -> ping(context(tls, /* withClient= */ false), port));
            assertThrows(IOException.class, () -> ping(SSLContext.getDefault(), port));
        }
    }

    private static String ping(SSLContext context, int port) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.getOutputStream().write("PING\r\n".getBytes());
            byte[] reply = socket.getInputStream().readNBytes(5);
            if (reply.length < 5) {
                throw new IOException("closed by the server");
            }
            return new String(reply);
        }
    }

    private static SSLContext context(TestTls tls, boolean withClient) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", certificate(tls.ca()));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        if (withClient) {
            store.setKeyEntry(
                    "client", key(tls.clientKey()), new char[0], new Certificate[] {certificate(tls.clientCertificate())
                    });
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static Certificate certificate(Path file) throws Exception {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static PrivateKey key(Path file) throws Exception {
        String base64 = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
    }
}

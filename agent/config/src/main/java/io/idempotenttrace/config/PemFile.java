package io.idempotenttrace.config;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Looks whether a file holds the certificates or the private key that a setting asks for.
 *
 * <p>Not by the JDK's own reader of certificates: it asks for a logger, and the logging of the application would be set up before the
 * application has chosen its own. The structure alone is looked at (RFC 7468, RFC 5280 section 4.1, RFC 5208 section 5), which tells a
 * file of another kind and one that was cut off. What is wrong inside shows when the engine reads the file.
 */
final class PemFile {

    /** All authorities that browsers know are a quarter of a megabyte. */
    private static final int MOST_BYTES = 8 * 1024 * 1024;

    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    /** The tag of a certificate's version, which a certificate of version 1 has not. */
    private static final int VERSION = 0xa0;

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private final String text;

    private PemFile(String text) {
        this.text = text;
    }

    /** @throws IOException if it holds none, or one that is none; the message goes on from "the file" */
    static void checkCertificates(String file) throws IOException {
        PemFile pem = read(file);
        int found = 0;
        for (int at = pem.text.indexOf(BEGIN); at >= 0; at = pem.text.indexOf(BEGIN, at + 1)) {
            if (pem.label(at).contains("CERTIFICATE")) {
                found++;
                if (!isCertificate(pem.content(at))) {
                    throw new IOException("has a certificate, number " + found + ", that is damaged or is none");
                }
            }
        }
        if (found == 0) {
            throw new IOException("holds no certificate in PEM, which begins with " + BEGIN + "CERTIFICATE" + DASHES);
        }
    }

    /** @throws IOException if it holds none that can be used; the message goes on from "the file" */
    static void checkPrivateKey(String file) throws IOException {
        PemFile pem = read(file);
        for (int at = pem.text.indexOf(BEGIN); at >= 0; at = pem.text.indexOf(BEGIN, at + 1)) {
            String label = pem.label(at);
            if (label.equals("PRIVATE KEY")) {
                if (!isPrivateKey(pem.content(at))) {
                    throw new IOException("has a private key that is damaged or is none");
                }
                return;
            }
            if (label.equals("ENCRYPTED PRIVATE KEY")) {
                throw new IOException("holds an encrypted key; decrypt it by: openssl pkcs8 -in FILE -out FILE");
            }
            if (label.endsWith("PRIVATE KEY")) {
                throw new IOException("holds a key that is not in PKCS#8 (" + Printable.text(label)
                        + "); convert it by: openssl pkcs8 -topk8 -nocrypt -in FILE -out FILE");
            }
        }
        throw new IOException("holds no private key in PEM, which begins with " + BEGIN + "PRIVATE KEY" + DASHES);
    }

    private static PemFile read(String file) throws IOException {
        byte[] bytes = SecretFile.begin(new File(file), MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new IOException("has more than " + MOST_BYTES + " bytes");
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (text.trim().isEmpty()) {
            throw new IOException("is empty");
        }
        return new PemFile(text);
    }

    /** What the line that begins there says the block is; empty where the line does not end as it should. */
    private String label(int begin) {
        int end = text.indexOf(DASHES, begin + BEGIN.length());
        int line = text.indexOf('\n', begin);
        return end < 0 || line >= 0 && line < end ? "" : text.substring(begin + BEGIN.length(), end);
    }

    /** The bytes of the block that begins there; none where it does not end, or is not Base64. */
    private byte[] content(int begin) {
        int from = text.indexOf(DASHES, begin + BEGIN.length()) + DASHES.length();
        int to = text.indexOf(END, from);
        if (to < 0) {
            return new byte[0];
        }
        StringBuilder digits = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            if (text.charAt(i) > ' ') {
                digits.append(text.charAt(i));
            }
        }
        try {
            return Base64.getDecoder().decode(digits.toString());
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static boolean isCertificate(byte[] der) {
        DerCursor certificate = new DerCursor(der, 0, der.length).enter(SEQUENCE);
        DerCursor signed = certificate.enter(SEQUENCE);
        signed.skipIf(VERSION);
        // Serial number, algorithm, issuer, validity, subject, public key.
        return signed.skip(INTEGER)
                && signed.skip(SEQUENCE)
                && signed.skip(SEQUENCE)
                && signed.skip(SEQUENCE)
                && signed.skip(SEQUENCE)
                && signed.skip(SEQUENCE)
                && certificate.skip(SEQUENCE)
                && certificate.skip(BIT_STRING);
    }

    private static boolean isPrivateKey(byte[] der) {
        DerCursor key = new DerCursor(der, 0, der.length).enter(SEQUENCE);
        return key.skip(INTEGER) && key.enter(SEQUENCE).skip(OBJECT_IDENTIFIER) && key.skip(OCTET_STRING);
    }

    /** Steps over the values of one level of DER; one that is not there, or reaches beyond the end, is not stepped over. */
    private static final class DerCursor {

        private final byte[] der;
        private final int end;
        private int at;
        /** Where the value begins that was stepped over last. */
        private int content;

        DerCursor(byte[] der, int from, int end) {
            this.der = der;
            this.at = from;
            this.end = end;
        }

        /** Inside of the value that comes next; inside of nothing where that has another tag. */
        DerCursor enter(int tag) {
            return skip(tag) ? new DerCursor(der, content, at) : new DerCursor(der, 0, 0);
        }

        void skipIf(int tag) {
            if (at < end && (der[at] & 0xff) == tag) {
                skip(tag);
            }
        }

        boolean skip(int tag) {
            if (at + 1 >= end || (der[at] & 0xff) != tag) {
                return false;
            }
            int begin = at + 2;
            int length = der[at + 1] & 0xff;
            if (length >= 0x80) {
                int bytes = length & 0x7f;
                // An indefinite length is none of DER; one of four bytes is far more than a file may have.
                if (bytes == 0 || bytes > 3 || begin + bytes > end) {
                    return false;
                }
                length = 0;
                for (int i = 0; i < bytes; i++) {
                    length = length << 8 | der[begin + i] & 0xff;
                }
                begin += bytes;
            }
            if (length > end - begin) {
                return false;
            }
            content = begin;
            at = begin + length;
            return true;
        }
    }
}

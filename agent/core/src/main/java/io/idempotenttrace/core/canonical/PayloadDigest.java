package io.idempotenttrace.core.canonical;
public record PayloadDigest(String hash, String digests) {}

package io.idempotenttrace.examples.springboot;

/** Where a span was put. The agent stores it with the key, so that a repeated request gets the one of the first. */
record Receipt(long position) {}

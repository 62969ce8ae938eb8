/**
 * From a Java value to canonical JSON to its SHA-256: the mapping of values to JSON, the two canonical forms, JSON Pointers
 * into values.
 *
 * <p>Knows no store, no guard and no settings: {@code core.open} gives it its limits as values. Libraries of the application are known by
 * name alone. What a payload's first bean needs is written without lambdas and streams: their linkage costs a cold JVM tens of
 * milliseconds, for which the application's first call waits.
 */
@NullMarked
package io.idempotenttrace.core.canonical;

import org.jspecify.annotations.NullMarked;

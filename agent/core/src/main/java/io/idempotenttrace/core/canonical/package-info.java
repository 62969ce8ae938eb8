/**
 * From a Java value to canonical JSON to its SHA-256: the mapping of values to JSON, the two canonical forms, JSON Pointers
 * into values.
 */
package io.idempotenttrace.core.canonical;

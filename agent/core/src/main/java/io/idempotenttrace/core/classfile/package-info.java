/**
 * Reads as much of a compiled class as tells which fields its methods read, write and return. Knows no other package, and no bytecode
 * library.
 */
package io.idempotenttrace.core.classfile;

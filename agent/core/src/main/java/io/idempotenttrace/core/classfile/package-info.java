/** Reads as much of a compiled class as tells which fields its methods read, write and return. Knows no other package. */
package io.idempotenttrace.core.classfile;

/**
 * Reads as much of a compiled class as tells which fields its methods read, write and return, and finds the
 * supertypes of a loaded one by their names. Knows no other package, and no bytecode
 * library.
 */
@NullMarked
package io.idempotenttrace.core.classfile;

import org.jspecify.annotations.NullMarked;

/**
 * The commands of the agent jar, for people: help, the table of settings, the hash of a document, the scripts. The only package that
 * knows picocli.
 * Knows no store, no guard and no weaver.
 *
 * <p>The agent's entry starts it by name, in the engine's class loader; its command {@code attach} alone is the entry's own, since
 * it needs no library.
 */
@NullMarked
package io.idempotenttrace.cli;

import org.jspecify.annotations.NullMarked;

/**
 * The commands of the agent jar, for people: help, the table of settings, the hash of a document, the scripts; for those who run the fleet,
 * what they ask of the records and of Redis, and do to them; and what is guarded, and what an agent that runs is set to. The only package
 * that knows picocli. What it needs of the store it has from {@code core.open} and {@code core.operate}, and of the weaver it knows the class
 * that explains methods before they are called; it knows no Redis and no guard. An agent in another process is asked by its MBean.
 *
 * <p>The agent's entry starts it by name, in the engine's class loader; its command {@code attach} alone is the entry's own, since
 * it needs no library.
 */
@NullMarked
package io.idempotenttrace.cli;

import org.jspecify.annotations.NullMarked;

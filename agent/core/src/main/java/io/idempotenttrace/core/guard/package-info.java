/**
 * The claim protocol of one process: what a verdict means for a call, who waits for whom, what happens while the store is
 * unavailable, and what is counted. It knows the contract of a store and the policies of a call; it knows no implementation of a store, no
 * Redis, no bytecode and no settings.
 */
@NullMarked
package io.idempotenttrace.core.guard;

import org.jspecify.annotations.NullMarked;

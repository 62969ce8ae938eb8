/**
 * The claim protocol of one process: what a verdict means for a call, who waits for whom, what happens while the store is
 * unavailable, and what is counted. It knows the contract of a store and the policies of a call; it knows no implementation of a store, no
 * Redis, no bytecode and no settings.
 */
package io.idempotenttrace.core.guard;

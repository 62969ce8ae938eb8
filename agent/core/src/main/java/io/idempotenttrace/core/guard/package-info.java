/**
 * The claim protocol of one process: what a verdict means for a call, who waits for whom, what happens while the store is
 * away, and what is counted. It knows stores and policies, no bytecode and no Redis.
 */
package io.idempotenttrace.core.guard;

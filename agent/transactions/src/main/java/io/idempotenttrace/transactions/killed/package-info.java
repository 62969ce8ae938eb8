/** A worker that is killed at any moment of its transactions. */
package io.idempotenttrace.transactions.killed;

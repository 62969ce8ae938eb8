/** Forks the applications of this module, kills some of them, and counts. */
package io.idempotenttrace.transactions;

/** The records of idempotent calls, and the atomic steps on one: claim, complete, fail, renew, delete, look. */
package io.idempotenttrace.core.store;

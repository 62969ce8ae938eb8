/**
 * Finds the real exception inside the wrapper that a future adds, reads its message, and says what a record keeps of it, for all packages of
 * the agent. Reading the message may run code of the application. It knows nothing but the JDK.
 */
@NullMarked
package io.idempotenttrace.core.failure;

import org.jspecify.annotations.NullMarked;

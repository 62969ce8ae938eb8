/**
 * Finds the real exception inside the wrapper that a future adds, and reads its message, for all packages of the agent. Reading the message
 * may run code of the application. It knows nothing but the JDK.
 */
@NullMarked
package io.idempotenttrace.core.failure;

import org.jspecify.annotations.NullMarked;

/**
 * What failures are and say, for all packages of the agent: the one behind what a future puts around it, and its text, which may be code of
 * the application's. It knows nothing but the JDK.
 */
package io.idempotenttrace.core.failure;

/** Runs Gradle on the example. */
package io.idempotenttrace.examples.gradle;

/**
 * Where the JVM enters the agent. {@link io.idempotenttrace.agent.IdempotentTraceAgent} is loaded by the system loader;
 * everything else here by the boot loader, from the same jar. Read in {@code premain}, before the application's first class:
 * no logging, no lambda, no regular expression.
 *
 * <p>Knows the bridge and the settings. The engine and the commands live in another class loader and are known by name alone.
 */
@NullMarked
package io.idempotenttrace.agent;

import org.jspecify.annotations.NullMarked;

/**
 * Where the JVM enters the agent. {@link io.idempotenttrace.agent.IdempotentTraceAgent} is loaded by the system loader;
 * everything else here by the boot loader, from the same jar. Read in {@code premain}, before the application's first class:
 * no logging, no lambda, no regular expression.
 */
package io.idempotenttrace.agent;

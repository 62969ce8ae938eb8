/**
 * What the agent costs, against its limits and its peers, each in the same run. {@code program} is what the measured JVMs run;
 * the classes here fork them, in turn, and {@code report} writes what came out.
 */
package io.idempotenttrace.benchmarks;

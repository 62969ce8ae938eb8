/** What the measured JVMs run. An application knows the annotations and its own libraries, and nothing of the agent. */
package io.idempotenttrace.benchmarks.program;

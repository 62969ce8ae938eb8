/** Tests that the benchmarks still run, not what they measure. */
package io.idempotenttrace.benchmarks;

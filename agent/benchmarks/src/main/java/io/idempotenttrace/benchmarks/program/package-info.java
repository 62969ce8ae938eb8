/** What the measured JVMs run: no class of this package may need one outside of it, but for the annotations. */
package io.idempotenttrace.benchmarks.program;

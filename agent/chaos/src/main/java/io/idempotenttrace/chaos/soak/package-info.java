/** A long run at full load: whether what a process takes stays as it is. */
package io.idempotenttrace.chaos.soak;

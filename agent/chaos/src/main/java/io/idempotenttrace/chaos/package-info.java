/** The command line of the chaos harness. */
package io.idempotenttrace.chaos;

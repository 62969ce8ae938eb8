/** The agent jar's command line. */
package io.idempotenttrace.core.cli;

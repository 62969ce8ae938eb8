/** The packed agent as users run it: in forked JVMs, with real applications, containers and other agents. */
package io.idempotenttrace.applications;

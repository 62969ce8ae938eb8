/** Workers in JVMs of their own, killed, stopped and raced with the packed agent, and counted from outside. */
package io.idempotenttrace.dist.faults;

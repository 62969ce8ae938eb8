/** What runs in the forked workers, beside the agent alone: it may use nothing but the JDK and the annotations. */
package io.idempotenttrace.chaos.worker;

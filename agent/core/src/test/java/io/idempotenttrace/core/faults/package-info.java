/** What is left of the guarantee when processes, networks and servers fail, counted from outside; and what each mechanism is good for. */
package io.idempotenttrace.core.faults;

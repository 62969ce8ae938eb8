/** Real workers and servers under a nemesis: what happens goes into a history, which the checker judges. */
package io.idempotenttrace.chaos.run;

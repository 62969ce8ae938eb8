/** An agent as Byte Buddy's users write one. */
package io.idempotenttrace.applications.probe;

/** An OSGi framework, whose class loaders delegate to nobody unasked. */
package io.idempotenttrace.applications.osgi;

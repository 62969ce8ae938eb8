/** The bundle that is installed there. */
package io.idempotenttrace.applications.osgi.bundle;

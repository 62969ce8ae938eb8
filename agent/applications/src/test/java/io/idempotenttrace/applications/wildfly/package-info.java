/** A web application for WildFly. */
package io.idempotenttrace.applications.wildfly;

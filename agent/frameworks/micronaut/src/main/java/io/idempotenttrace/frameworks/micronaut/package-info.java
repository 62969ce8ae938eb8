/** A Micronaut application: its beans get subclasses in the build. */
package io.idempotenttrace.frameworks.micronaut;

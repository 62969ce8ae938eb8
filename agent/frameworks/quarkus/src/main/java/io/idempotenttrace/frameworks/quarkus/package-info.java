/** A Quarkus application: its beans get subclasses and proxies in the build. */
package io.idempotenttrace.frameworks.quarkus;

/** A Spring WebFlux application that emits traces. */
package io.idempotenttrace.async.webflux;

/** A Vert.x application that emits traces. */
package io.idempotenttrace.async.vertx;

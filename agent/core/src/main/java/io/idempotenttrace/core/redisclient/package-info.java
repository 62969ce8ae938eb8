/**
 * Connections to Redis: addresses, handshake, TLS, time-outs, reconnects. The only package that knows Lettuce and Netty.
 *
 * <p>Whoever uses it meets {@link io.idempotenttrace.core.redisclient.RedisConnector}, which opens a
 * {@link io.idempotenttrace.core.redisclient.RedisLink}, whose {@link io.idempotenttrace.core.redisclient.ServerCommands} answer with
 * futures; {@link io.idempotenttrace.core.redisclient.RedisFailure} tells apart how they fail. It knows nothing of records, scripts and
 * claims, and reads no configuration: it is given {@link io.idempotenttrace.core.redisclient.RedisSettings}.
 */
@NullMarked
package io.idempotenttrace.core.redisclient;

import org.jspecify.annotations.NullMarked;

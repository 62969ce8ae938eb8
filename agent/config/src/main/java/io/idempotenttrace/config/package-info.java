/**
 * The settings of the agent: one table ({@link io.idempotenttrace.config.Setting}) and the search for their values
 * ({@link io.idempotenttrace.config.Configuration}). Knows no other package.
 *
 * <p>This package is read in {@code premain}, before the application's first class: no lambda, no regular expression, no
 * {@code String.format}, no logging; each of them costs milliseconds at that point.
 */
@NullMarked
package io.idempotenttrace.config;

import org.jspecify.annotations.NullMarked;

/**
 * Opens what the settings ask for: stores and hashers. The only package of this module that reads
 * {@link io.idempotenttrace.config.Configuration}; the others are given values.
 */
package io.idempotenttrace.core.open;

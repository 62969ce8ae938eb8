/**
 * What is counted and measured, as monitoring systems read it: the table of metrics, and the page that Prometheus asks for. It knows what
 * {@code guard} has counted, and decides nothing.
 */
@NullMarked
package io.idempotenttrace.core.figures;

import org.jspecify.annotations.NullMarked;

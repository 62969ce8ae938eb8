/** Turns what was measured into a table, CSV and SVG. */
package io.idempotenttrace.benchmarks.report;

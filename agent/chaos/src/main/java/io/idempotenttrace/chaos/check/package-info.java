/**
 * Judges a history by itself: it knows the history's format, which the module's README describes, and nothing of the program that wrote it.
 */
package io.idempotenttrace.chaos.check;

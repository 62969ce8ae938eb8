/**
 * The transactions of the application: which one a thread runs in, and how it ends. Their libraries are the application's own and are
 * found by name.
 */
package io.idempotenttrace.weaver.transaction;

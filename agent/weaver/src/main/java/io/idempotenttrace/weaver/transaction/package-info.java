/**
 * The transactions of the application: which one a thread runs in, and how it ends. Their libraries are the application's own and are
 * found by name. Tells the guard of a transaction by {@link io.idempotenttrace.core.guard.OpenTransaction}; knows no store and no bytecode.
 */
@NullMarked
package io.idempotenttrace.weaver.transaction;

import org.jspecify.annotations.NullMarked;

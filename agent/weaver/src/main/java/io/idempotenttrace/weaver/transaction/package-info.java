/**
 * The transactions of the application: which one a thread runs in, and how it ends. Their libraries are the application's own and are
 * found by name. Only those of JDBC need {@link io.idempotenttrace.bridge.DriverWatch}, which is told by woven drivers in which of them a body
 * works; {@link io.idempotenttrace.weaver.transaction.JdbcTransactions} says how. Tells the guard of a transaction by {@link io.idempotenttrace.core.guard.OpenTransaction}; knows no store and no bytecode.
 */
@NullMarked
package io.idempotenttrace.weaver.transaction;

import org.jspecify.annotations.NullMarked;

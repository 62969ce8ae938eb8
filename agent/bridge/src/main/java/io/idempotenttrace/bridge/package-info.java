/**
 * What woven application code calls. These classes live on the boot loader, so that every class loader of the application
 * sees them, and know nothing: no configuration, no store, no library. The engine, in its own loader, extends them.
 *
 * <p>A call's way: the woven method asks its {@link io.idempotenttrace.bridge.GuardPoint} to enter; on
 * {@link io.idempotenttrace.bridge.SuppressedCall} it skips its body; at its end it hands result or failure to the
 * {@link io.idempotenttrace.bridge.GuardedCall}. Woven drivers of databases tell {@link io.idempotenttrace.bridge.DriverCalls} how they end
 * transactions.
 */
@NullMarked
package io.idempotenttrace.bridge;

import org.jspecify.annotations.NullMarked;

/**
 * From an annotated class file to a guarded call. At class load: {@link io.idempotenttrace.weaver.AnnotatedMethods} reads the
 * annotations, {@link io.idempotenttrace.weaver.ClassWeaver} writes the guard into the methods. At the first call:
 * {@link io.idempotenttrace.weaver.GuardedMethod} is made from what the weaver wrote. At each call it turns the arguments into
 * a key and a hash, asks the core's guard, and runs, skips or refuses the body.
 *
 * <p>Byte Buddy is known here and, for what Kotlin compiles to, in {@code weaver.async}. Neither knows Redis: {@code core.open}
 * gives the engine its store.
 */
@NullMarked
package io.idempotenttrace.weaver;

import org.jspecify.annotations.NullMarked;

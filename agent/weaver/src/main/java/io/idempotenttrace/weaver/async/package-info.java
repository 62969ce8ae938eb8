/**
 * The asynchronous types of the JDK and of the application's libraries, found by name in the application's own loader: how their
 * end is observed, how one is made, and on which threads their code may run. Knows no guard and no store.
 */
@NullMarked
package io.idempotenttrace.weaver.async;

import org.jspecify.annotations.NullMarked;

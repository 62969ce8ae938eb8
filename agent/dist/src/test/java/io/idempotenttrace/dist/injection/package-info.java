/** Faults thrown inside of the engine, at the entry of each of its methods in turn, while an application calls guarded methods. */
package io.idempotenttrace.dist.injection;

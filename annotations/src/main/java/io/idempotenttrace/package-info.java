/**
 * What an application compiles against: {@link io.idempotenttrace.IdempotentTrace} on the method to guard, the parameter
 * annotations that say what its key, tenant, trace id and payload are, the policies, and the exceptions.
 *
 * <p>Without the agent these annotations have no effect: every call runs its method's body.
 */
package io.idempotenttrace;

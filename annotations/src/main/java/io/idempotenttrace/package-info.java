/**
 * What an application compiles against: {@link io.idempotenttrace.IdempotentTrace} on the method to guard, the parameter
 * annotations that say what its key, tenant, trace id and payload are, the policies, and the exceptions.
 *
 * <pre>{@code
 * @IdempotentTrace
 * void emit(@TenantId String tenant, @IdempotencyKey({"/traceId", "/id"}) Span span) {
 *     traceStore.append(span);      // runs once for each tenant, traceId and id, in all processes that share a Redis
 * }
 * }</pre>
 *
 * <p>The message is acknowledged when the method has returned. {@link io.idempotenttrace.TraceInProgressException} and
 * {@link io.idempotenttrace.IdempotencyStoreException} mean that it is to be redelivered,
 * {@link io.idempotenttrace.TraceConflictException} that one key came with two payloads, and
 * {@link io.idempotenttrace.DuplicateTraceException} that it was done before and nothing is stored to return.
 *
 * <p>Without the agent these annotations have no effect: every call runs its method's body.
 */
package io.idempotenttrace;

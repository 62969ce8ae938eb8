package io.idempotenttrace;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs the annotated method's body once per idempotency key, in a JVM started with
 * {@code -javaagent:idempotent-trace-agent.jar}.
 *
 * <p>Before the body runs, the key and the SHA-256 of the canonical JSON of the arguments are claimed in one atomic step:
 * <ul>
 *   <li><b>new</b>: the body runs; then the record is completed, or failed if the body threw;
 *   <li><b>duplicate</b> (same key, same payload, completed): the body does not run; see {@link #onDuplicate()};
 *   <li><b>in progress</b> (same key, same payload, its owner still runs): see {@link #onInProgress()};
 *   <li><b>conflict</b> (same key, other payload): see {@link #onConflict()}.
 * </ul>
 *
 * <p>The annotation counts on a method that has a body, of any visibility, static or final or called by its own class. On
 * an abstract or interface method without body, or on a constructor, it has no effect, and the agent says so.
 *
 * <p>A method that returns a future (CompletionStage, CompletableFuture, Future, Guava's, Vert.x's) is a call until that has ended. For
 * a method that returns a publisher of Reactor, RxJava 3, Mutiny or {@code java.util.concurrent.Flow}, each subscription is a call,
 * with the key and hash of the arguments that the method got. Neither holds a thread while it waits; both are refused by a future or
 * a publisher that has failed.
 *
 * <p>The hashed document is made of all parameters but those marked {@link Unhashed} and those marked as a whole as
 * {@link IdempotencyKey}, {@link TenantId} or {@link TraceId}. If one parameter is left, its value is the document; else
 * the document is an object of parameter name to value. Key and hash are computed once, before the body: a body that
 * changes its arguments changes neither.
 *
 * <p><b>Calls inside a call.</b> A call that a body makes on its own thread with the same tenant, scope and key (a super call, an
 * overload, a self-call) is a part of the call that it is made in: its body runs, whatever its payload is, and it is neither claimed
 * nor compared. An overload that is to be a call of its own needs a scope of its own, or another key.
 *
 * <p>An override of an annotated method is guarded only if it is annotated itself: annotations of methods are not inherited.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface IdempotentTrace {

    /**
     * The value of {@link #scope()} for a key that is shared with every other writer of it, such as workers in other
     * languages that use the same Redis records.
     */
    String SHARED = "*shared*";

    /**
     * Names the operation inside the key, so that two operations on the same key do not meet. Empty:
     * {@code <class name>.<method name>}, as {@link Class#getName()} gives the class of the declaration. Overloads of
     * one method share that default, and so do all classes that inherit the method: give each its own scope, or guard a method of each
     * class, where their keys must not meet. {@link #SHARED}: no scope.
     *
     * <p>An overload that only passes its parameters on, with constants for the others, to a method of the same name with the same
     * annotation is not guarded itself: its calls are calls of that method. So it is with what compilers make of one method, such as
     * Kotlin's {@code @JvmOverloads} and {@code @JvmStatic}, bodies of Kotlin interfaces and Groovy traits (their scope begins with the
     * interface's or trait's name), and Scala's forwarders.
     *
     * <p>A class or a method that is renamed keeps its keys if it names its default scope of before:
     * {@code scope = "com.acme.OldName.oldMethod"}. The setting {@code scope.<new default scope>.record-scope} does the same without a
     * change of the code. A new scope begins anew: that is how a method says that what it did before does not count, so there is no
     * member {@code version}.
     *
     * @return the scope, or an empty string for the default
     */
    String scope() default "";

    /**
     * How long a completed record answers duplicates: {@code "24h"}, {@code "90s"}, {@code "PT24H"}. Empty: the setting
     * {@code ttl}.
     *
     * @return a duration, or an empty string
     */
    String ttl() default "";

    /**
     * How long a claim is held without a renewal, as {@link #ttl()} is written; at least 100 ms. Empty: the setting {@code lease}. The
     * agent renews the lease of a running body; a killed worker's claim is free when its lease is over.
     *
     * @return a duration, or an empty string
     */
    String lease() default "";

    /**
     * JSON Pointers (RFC 6901) to the places of the hashed document that alone are hashed, as {@link #exclude()} writes them, such as
     * {@code {"/order_id", "/customer/id"}}: two payloads that differ elsewhere are one. None: the whole document is hashed.
     *
     * <p>What is hashed is the document with these places, and the objects and arrays around them. An array keeps the positions of its
     * elements: one without an included place counts as null, and those behind the last one that has an included place do not count. A
     * value without members, although a pointer goes on below it, is hashed whole. So a place that is missing, one that is null and one
     * with a value are three payloads.
     *
     * <p>A pointer that matches nothing in a payload adds nothing to its hash. A payload of which no pointer matches anything can't be
     * hashed, since all such payloads would hash alike: the setting {@code on-unhashable} says what its call gets. Where the types of the
     * parameters show that a pointer matches nothing, the agent says so when the class is woven. The pointers of the setting
     * {@code include} for this scope are hashed as well.
     *
     * @return the pointers; none by default, which includes everything
     */
    String[] include() default {};

    /**
     * JSON Pointers (RFC 6901) into the hashed document that are left out of the hash: volatile fields such as
     * {@code "/timestamp"}. A pointer to nothing is no error. {@code *} is any one level, and {@code |json} steps into JSON that is
     * carried as text or bytes: {@code "/body|json/timestamp"}, see {@link IdempotencyKey}. Such a text is then hashed as the JSON that it
     * holds, without what is excluded; blanks and the order of its members no longer count. A text that is no JSON is hashed as it is.
     * Where places are included, these are left out inside of them. The setting {@code exclude} leaves out more for this scope.
     *
     * @return the pointers; none by default
     */
    String[] exclude() default {};

    /**
     * Failures that a retry must not repeat, such as a validation error: when the body throws one of these, or a subclass of
     * one, the key is completed. A later call gets {@link DuplicateTraceException}, whose message holds the type and the
     * message of what was thrown (the first 500 characters); its body does not run. Default: every failure may be retried.
     *
     * @return the types of those failures; none by default
     */
    Class<? extends Throwable>[] replayFailures() default {};

    /**
     * What a suppressed duplicate gets.
     *
     * @return the policy for duplicates; by default the one that is configured
     */
    OnDuplicate onDuplicate() default OnDuplicate.DEFAULT;

    /**
     * What a call gets whose key is held by a running call.
     *
     * @return the policy for calls in progress; by default the one that is configured
     */
    OnInProgress onInProgress() default OnInProgress.DEFAULT;

    /**
     * What a call gets whose key was used with another payload.
     *
     * @return the policy for conflicts; by default the one that is configured
     */
    OnConflict onConflict() default OnConflict.DEFAULT;

    /**
     * What a call gets while the store is down, slow or refusing, or while its arguments can't be hashed.
     *
     * @return the policy for failures of the store; by default the one that is configured
     */
    OnStoreFailure onStoreFailure() default OnStoreFailure.DEFAULT;
}

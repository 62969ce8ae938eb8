package io.idempotenttrace;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the parameter that carries the idempotency key, or parts of it.
 *
 * <p>Several parts, of one parameter or of several, are joined by {@code ':'}, with {@code ':'} and {@code '%'} in each
 * part percent-encoded; a part that is null is empty. A single part is taken as it is. Text, numbers and booleans count as
 * their text; any other value as its canonical JSON. A method without this annotation has its payload's hash as key.
 *
 * <p>A call whose key is null or empty, or of whose key one part is not there at all (its pointer matches nothing: a typing error, a
 * message that lacks the member), has no key: it is unguarded, or refused (setting {@code on-missing-key}). The agent prints which members
 * are there, once for each method, and when the method is woven where the parameter's type shows it. A bean, a record and a message of a
 * schema have each member that their type declares, be it null; a map has what it holds.
 *
 * <p>A call that a body makes on its own thread with the same tenant, scope and key is a part of the call that it is made in, whatever its
 * payload is; see {@link IdempotentTrace}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface IdempotencyKey {

    /**
     * JSON Pointers (RFC 6901) into the parameter's value, each a part of the key. None: the whole value is one part, and
     * is then not part of the hashed document.
     *
     * <p>{@code |json} behind a segment reads the text or the bytes (UTF-8) at that place as JSON, and what follows names a place in it:
     * {@code "/body|json/order_id"}; or {@code "|json/order_id"} where the parameter itself is the text. A call whose text is no JSON
     * can't be hashed (setting {@code on-store-failure}). A member whose own name ends with {@code |json} is written with {@code ~3json}.
     *
     * @return the pointers; none for the whole value
     */
    String[] value() default {};
}

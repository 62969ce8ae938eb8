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
 * part percent-encoded; a missing part is empty. A single part is taken as it is. Text, numbers and booleans count as
 * their text; any other value as its canonical JSON. A method without this annotation has its payload's hash as key. A
 * call whose key is null or empty is unguarded (setting {@code on-missing-key}).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface IdempotencyKey {

    /**
     * JSON Pointers (RFC 6901) into the parameter's value, each a part of the key. None: the whole value is one part, and
     * is then not part of the hashed document.
     */
    String[] value() default {};
}

package io.idempotenttrace;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the parameter that names the tenant. No tenant's record is ever answered to another. A method without it, and a
 * call whose tenant is null or empty, belong to the setting {@code tenant} ("default"). A pointer that matches nothing is printed, once
 * for each method.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface TenantId {

    /**
     * A JSON Pointer (RFC 6901) into the parameter's value, as {@link IdempotencyKey#value()} has them. Empty: the whole value, which
     * is then not part of the hashed document.
     *
     * @return the pointer, or an empty string for the whole value
     */
    String value() default "";
}

package io.idempotenttrace;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a parameter: the trace id that is stored with the claim. On a method annotated with {@link IdempotentTrace}: the
 * value that the method returns is the trace id; it is stored at completion, and a duplicate gets it back. Such a method
 * returns {@code String}, {@code CharSequence}, {@code Object}, {@link java.util.UUID} or {@code long}/{@code Long}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.METHOD})
public @interface TraceId {

    /**
     * On a parameter, a JSON Pointer (RFC 6901) into its value, as {@link IdempotencyKey#value()} has them. Empty: the whole value,
     * which is then not part of the hashed document. On a method it has no meaning.
     *
     * @return the pointer, or an empty string for the whole value
     */
    String value() default "";
}

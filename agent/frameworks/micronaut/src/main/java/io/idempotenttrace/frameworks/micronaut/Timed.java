package io.idempotenttrace.frameworks.micronaut;

import io.micronaut.aop.Around;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Calls of the method are intercepted. */
@Around
@Retention(RetentionPolicy.RUNTIME)
public @interface Timed {}

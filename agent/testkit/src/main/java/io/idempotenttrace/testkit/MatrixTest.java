package io.idempotenttrace.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * A parameterized test that only the profile {@code matrix} runs, beside one that every build runs with fewer arguments. It may have no
 * arguments at all: a machine with a single JDK has no {@link Jdks#older} one and fewer {@link Pairs#others}.
 */
@Tag("matrix")
@ParameterizedTest(allowZeroInvocations = true)
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface MatrixTest {}

package io.idempotenttrace.weaver;

/**
 * A mistake that a method shows before it is called.
 *
 * @param message goes on from the method's name, and says what to do
 */
record MethodProblem(ProblemCode code, String message) {}

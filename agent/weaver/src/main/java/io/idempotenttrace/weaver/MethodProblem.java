package io.idempotenttrace.weaver;

import org.jspecify.annotations.Nullable;

/**
 * A mistake that a method shows before it is called.
 *
 * @param message goes on from the method's name, and says what to do
 */
record MethodProblem(ProblemCode code, String message) {

    private static final String UNGUARDED = "runs unguarded: ";

    /**
     * The same of a method whose calls are refused.
     *
     * @param refusal the setting that says so, see {@link Policies#refusal(MethodSpecification, MethodProblem,
     *        io.idempotenttrace.config.Configuration)}; null where its bodies run
     */
    MethodProblem refusedBy(@Nullable String refusal) {
        return refusal == null
                ? this
                : new MethodProblem(code, "can't be guarded, and its calls are refused (" + refusal + "): " + reason());
    }

    /** What the exception says that a refused call of that method gets. */
    String toRefusal(MethodSpecification method, String refusal) {
        return toRefusal(method.qualifiedName() + " can't be guarded: " + reason(), refusal);
    }

    static String toRefusal(String problem, String refusal) {
        return problem + ". The body did not run (" + refusal + ")";
    }

    /** Why it can't be guarded, without what follows from it. */
    private String reason() {
        return message.startsWith(UNGUARDED) ? message.substring(UNGUARDED.length()) : message;
    }
}

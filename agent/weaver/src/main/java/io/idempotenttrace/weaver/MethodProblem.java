package io.idempotenttrace.weaver;

/**
 * A mistake that a method shows before it is called.
 *
 * @param message goes on from the method's name, and says what to do
 */
record MethodProblem(ProblemCode code, String message) {

    private static final String UNGUARDED = "runs unguarded: ";

    /** The same of a method whose calls are refused. */
    MethodProblem refused(String setting) {
        return new MethodProblem(code, "can't be guarded, and its calls are refused (" + setting + "): " + reason());
    }

    /** Why it can't be guarded, without what follows from it. */
    String reason() {
        return message.startsWith(UNGUARDED) ? message.substring(UNGUARDED.length()) : message;
    }
}

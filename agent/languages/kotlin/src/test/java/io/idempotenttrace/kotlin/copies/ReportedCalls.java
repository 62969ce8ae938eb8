package io.idempotenttrace.kotlin.copies;

/** Calls a lambda twice, in a class with an inline function. */
public final class ReportedCalls {

    private ReportedCalls() {}

    public static void main(String[] arguments) {
        Reported reported = new Reported();
        reported.getLambda().invoke("k");
        reported.getLambda().invoke("k");
        System.out.println("lambda=" + Bodies.runs);
    }
}

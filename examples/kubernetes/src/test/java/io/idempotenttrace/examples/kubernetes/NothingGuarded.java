package io.idempotenttrace.examples.kubernetes;

/** A program that the agent starts with, and that has nothing to guard. */
final class NothingGuarded {

    private NothingGuarded() {}

    public static void main(String[] arguments) {
        System.out.println("started");
    }
}

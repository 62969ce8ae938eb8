package io.idempotenttrace.core.failure;

/**
 * Initializes classes before they are needed. Some are needed only when a call is refused, or when the store is away, and so perhaps for the
 * first time where neither stack nor memory is left. A class whose initialization fails then can't be used in this JVM any more (JVMS 5.5):
 * each later refusal would fail, too, and a body would run in its place.
 */
public final class SeldomClasses {

    private SeldomClasses() {}

    /**
     * Initializes those that are not yet.
     *
     * @param neighbour a class of the same package
     * @param names theirs, without the package
     */
    public static void initialize(Class<?> neighbour, String... names) {
        for (String name : names) {
            try {
                Class.forName(
                        neighbour.getPackageName() + '.' + name, /* initialize= */ true, neighbour.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}

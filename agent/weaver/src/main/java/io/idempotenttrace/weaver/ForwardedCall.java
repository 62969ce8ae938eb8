package io.idempotenttrace.weaver;

/**
 * The one call of a method that does nothing else: it passes its own parameters on, each once, with constants beside them, and
 * returns what it gets.
 *
 * @param owner the internal name of the class that the call names
 * @param descriptor the called method's descriptor (JVMS 4.3.3)
 * @param receiver what it is called on
 */
record ForwardedCall(String owner, String name, String descriptor, Receiver receiver) {

    /** What a method is called on. */
    enum Receiver {
        /** Nothing: it is static. */
        NONE,
        /** The caller's own object; the called method may be one of its class or of a superclass. */
        SELF,
        /** The one object of a class, in a static field: a Kotlin companion, a Scala object. */
        SINGLETON,
        /** The object to which Kotlin's {@code by} delegates, which a compiled field of the caller holds. */
        DELEGATE,
        /** An object that the caller holds or is given by its own method: what Scala's {@code export} and Groovy's {@code @Delegate} call. */
        MEMBER
    }
}

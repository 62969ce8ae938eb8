package io.idempotenttrace.bridge;

import java.lang.invoke.MethodHandles;

/** Makes a woven method's {@link GuardPoint} when its call site is linked, once in the life of its class; again by later calls where
 * that failed. */
public abstract class GuardLinker {

    /**
     * Makes the point of one method.
     *
     * @param caller the woven class, with its own access rights
     * @param specification what the weaver wrote into the call site about the method
     * @return the point. What is thrown instead is told to those whose calls are refused for it
     */
    public abstract GuardPoint link(MethodHandles.Lookup caller, String specification);
}

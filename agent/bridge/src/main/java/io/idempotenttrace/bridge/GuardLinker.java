package io.idempotenttrace.bridge;

import java.lang.invoke.MethodHandles;

/** Makes a woven method's {@link GuardPoint} when its call site is linked, once in the life of its class. */
public abstract class GuardLinker {

    /**
     * @param caller the woven class, with its own access rights
     * @param specification what the weaver wrote into the call site about the method
     * @return never null
     */
    public abstract GuardPoint link(MethodHandles.Lookup caller, String specification);
}

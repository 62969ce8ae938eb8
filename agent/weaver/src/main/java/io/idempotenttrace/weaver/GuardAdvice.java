package io.idempotenttrace.weaver;

import io.idempotenttrace.bridge.GuardPoint;
import io.idempotenttrace.bridge.GuardedCall;
import io.idempotenttrace.bridge.SuppressedCall;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/**
 * The code that is copied into each guarded method, around its body. It may name nothing but the bridge. What the entry
 * throws leaves the method as it is: the handler covers the body alone.
 */
final class GuardAdvice {

    /** Marks the parameter that is the method's call site constant. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.PARAMETER)
    @interface CallSiteConstant {
    }

    private GuardAdvice() {
    }

    @Advice.OnMethodEnter(skipOn = SuppressedCall.class)
    static GuardedCall enter(@CallSiteConstant GuardPoint point, @Advice.AllArguments Object[] arguments) {
        return point.enter(arguments);
    }

    /** Needs no argument, so none is copied aside: the body keeps its local variables where debuggers know them. */
    @Advice.OnMethodExit(onThrowable = Throwable.class, backupArguments = false)
    static void exit(@Advice.Enter GuardedCall call, @Advice.Thrown Throwable thrown,
            @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object returned) {
        if (call != null) {
            returned = call.end(returned, thrown);
        }
    }
}

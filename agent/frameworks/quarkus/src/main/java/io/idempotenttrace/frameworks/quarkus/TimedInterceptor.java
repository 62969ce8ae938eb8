package io.idempotenttrace.frameworks.quarkus;

import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what it intercepts. */
@Timed
@Interceptor
public class TimedInterceptor {

    static final AtomicInteger CALLS = new AtomicInteger();

    @AroundInvoke
    Object count(InvocationContext context) throws Exception {
        CALLS.incrementAndGet();
        return context.proceed();
    }
}

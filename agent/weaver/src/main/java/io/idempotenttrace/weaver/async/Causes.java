package io.idempotenttrace.weaver.async;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What failed, without what a future puts around it. */
public final class Causes {

    private Causes() {
    }

    public static Throwable of(Throwable failure) {
        boolean wrapped = (failure instanceof CompletionException || failure instanceof ExecutionException) && failure.getCause() != null;
        return wrapped ? failure.getCause() : failure;
    }
}

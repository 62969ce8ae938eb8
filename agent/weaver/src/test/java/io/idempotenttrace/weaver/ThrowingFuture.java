package io.idempotenttrace.weaver;

import java.util.concurrent.CompletableFuture;

/** As the futures of some libraries, it hands on what a callback throws to whoever ends it. Public, for classes of other loaders. */
public final class ThrowingFuture extends CompletableFuture<String> {

    @Override
    public boolean complete(String value) {
        super.complete(value);
        throw new IllegalStateException("a callback failed");
    }
}

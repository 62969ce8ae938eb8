package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;

/** Can be loaded, but not linked where {@link Missing} is taken away: the verifier asks for it. */
public class Unlinkable {

    static class Missing extends Unlinkable {}

    @IdempotentTrace
    Unlinkable emit(@IdempotencyKey String key) {
        return new Missing();
    }
}

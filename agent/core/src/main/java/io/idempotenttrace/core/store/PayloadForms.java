package io.idempotenttrace.core.store;

import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.PayloadDigest;
import org.jspecify.annotations.Nullable;

/** Hashes the payload of a call that meets a record of another canonical form. */
@FunctionalInterface
public interface PayloadForms {

    /**
     * The payload's hash in that form.
     *
     * @param arguments of the call, as {@link ClaimRequest} has them
     * @return null if the payload has none there
     */
    @Nullable
    PayloadDigest digest(CanonicalForm form, Object[] arguments);
}

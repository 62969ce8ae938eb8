package io.idempotenttrace.core.store;

import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.canonical.PayloadDigest;
import org.jspecify.annotations.Nullable;

/** Hashes the payload of a call that meets a record whose hash was made in another form, or with another secret. */
@FunctionalInterface
public interface PayloadForms {

    /**
     * The payload's hash in that form.
     *
     * @param recordHash the hash in the record: of several that the payload may have there, it is this one if that is among them
     * @param arguments of the call, as {@link ClaimRequest} has them
     * @return null if the payload has none there, or the secret of the form is not known
     */
    @Nullable
    PayloadDigest digest(HashForm form, String recordHash, Object[] arguments);
}

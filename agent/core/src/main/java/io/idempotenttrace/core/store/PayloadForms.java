package io.idempotenttrace.core.store;

import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.canonical.PayloadDigest;
import java.util.List;
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

    /**
     * The members in which the payload differs from that of a record. Throws nothing.
     *
     * @param form of the record, as it is named there
     * @param digests of the members of the record's payload
     * @param arguments of the call, as {@link ClaimRequest} has them
     * @return empty where they are not known
     */
    default List<String> differing(RecordId record, String form, String digests, Object[] arguments) {
        return List.of();
    }
}

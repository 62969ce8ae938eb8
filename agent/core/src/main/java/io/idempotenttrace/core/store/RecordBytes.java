package io.idempotenttrace.core.store;

import org.jspecify.annotations.Nullable;

/**
 * What the memory of this process takes for a record, roughly: whatever is bounded in bytes is weighed here. Each character counts two
 * bytes, though one of Latin-1 takes one where a text has no others; so what is held mostly takes less than its bound.
 */
public final class RecordBytes {

    /** What a record takes besides its texts: its objects, the headers of its texts, and the places that refer to it. */
    private static final int OBJECTS = 256;

    private static final long OF_CHARACTER = 2;

    private RecordBytes() {}

    /** An object of the record's name, which holds no other text. */
    public static long of(RecordId id) {
        return OBJECTS + OF_CHARACTER * characters(id);
    }

    /** A claimed record. */
    public static long of(Claim claim) {
        return OBJECTS
                + OF_CHARACTER
                        * ((long) characters(claim.id())
                                + claim.hash().length()
                                + claim.digests().length()
                                + claim.traceId().length());
    }

    /** What a completion adds to the claimed record. */
    public static long of(Completion completion) {
        return OF_CHARACTER
                        * ((long) completion.traceId().length()
                                + completion.responseHash().length())
                + of(completion.result());
    }

    /** A text that a record has besides. */
    public static long of(@Nullable String text) {
        return text == null ? 0 : OF_CHARACTER * text.length();
    }

    /** Name, tenant and scope are limited, so that the sum fits. */
    private static int characters(RecordId id) {
        return id.key().length()
                + id.tenant().length()
                + (id.scope() == null ? 0 : id.scope().length());
    }
}

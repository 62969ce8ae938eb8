package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.store.ClaimRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a call is to do, once its claim is answered: run its body as owner ({@link RunningCall}), run it without a claim, or
 * return what is stored.
 */
public abstract sealed class Admission
        permits RunningCall, Admission.Unguarded, Admission.Stored, Admission.InOtherForm {

    /** The body runs, and its end is of no interest. */
    static final Unguarded UNGUARDED = new Unguarded();

    /** The body runs, and its end is of no interest: without a claim, or as a part of a call that has one. */
    public static final class Unguarded extends Admission {

        private Unguarded() {}
    }

    /** The hash of the record is of another form or secret: the call is to ask once more. The guard does so itself, nobody else meets this. */
    static final class InOtherForm extends Admission {

        /** The call in the record's form. */
        final ClaimRequest request;

        InOtherForm(ClaimRequest request) {
            this.request = request;
        }
    }

    /** The body does not run. */
    public static final class Stored extends Admission {

        private final String traceId;
        private final @Nullable String result;
        private final boolean ownerRuns;

        Stored(String traceId, @Nullable String result, boolean ownerRuns) {
            this.traceId = traceId;
            this.result = result;
            this.ownerRuns = ownerRuns;
        }

        /** The stored trace id; empty where there is none. */
        public String traceId() {
            return traceId;
        }

        /** The stored result as JSON; null where there is none. */
        public @Nullable String result() {
            return result;
        }

        /** Whether the owner still runs ({@code on-in-progress=skip}), so that no result can be there yet. */
        public boolean ownerRuns() {
            return ownerRuns;
        }
    }
}

package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.canonical.HashForm;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.Completion;
import java.util.Arrays;

/** What the scripts are given, in the order that each tells at its top. Empty ones at the end are left out: each costs time of Redis. */
final class ScriptArguments {

    static final byte[] NOTHING = {};

    /** As many has a completion at most that is not to write its record whole. */
    static final int OF_COMPLETION = 5;

    static final int OF_WHOLE_COMPLETION = 10;

    private ScriptArguments() {}

    /** @param listens how this process hears of the record's change, see {@code claim.lua} */
    static byte[][] ofClaim(Claim claim, byte[] holder, String listens) {
        return withoutEmptyEnd(
                Wtf8.encode(claim.hash()),
                number(claim.ttlSeconds()),
                Wtf8.encode(claim.id().tenant()),
                Wtf8.encode(claim.traceId()),
                Wtf8.encode(claim.owner()),
                number(claim.leaseMillis()),
                holder,
                members(claim),
                form(claim),
                Wtf8.encode(listens));
    }

    /**
     * Of a record that the server is expected to have.
     *
     * @param result what is stored of the completion's; empty where nothing is
     */
    static byte[][] ofCompletion(Claim claim, Completion completion, byte[] result) {
        return withoutEmptyEnd(
                Wtf8.encode(claim.owner()),
                number(claim.ttlSeconds()),
                Wtf8.encode(completion.traceId()),
                Wtf8.encode(completion.responseHash()),
                result);
    }

    /** Of one that may be gone: to be written whole. */
    static byte[][] ofWholeCompletion(Claim claim, Completion completion, byte[] result, byte[] holder) {
        return withoutEmptyEnd(
                Wtf8.encode(claim.owner()),
                number(claim.ttlSeconds()),
                Wtf8.encode(completion.traceIdOr(claim.traceId())),
                Wtf8.encode(completion.responseHash()),
                result,
                Wtf8.encode(claim.hash()),
                Wtf8.encode(claim.id().tenant()),
                form(claim),
                members(claim),
                holder);
    }

    /** Without a secret, digests would tell small values to whoever reads the record. */
    private static byte[] members(Claim claim) {
        return claim.form().isKeyed() ? Wtf8.encode(claim.digests()) : NOTHING;
    }

    /** Left out where it is the usual one. */
    private static byte[] form(Claim claim) {
        return claim.form().equals(HashForm.DEFAULT)
                ? NOTHING
                : Wtf8.encode(claim.form().text());
    }

    static byte[] number(long value) {
        return Wtf8.encode(Long.toString(value));
    }

    private static byte[][] withoutEmptyEnd(byte[]... arguments) {
        int length = arguments.length;
        while (arguments[length - 1].length == 0) {
            length--;
        }
        return Arrays.copyOf(arguments, length);
    }
}

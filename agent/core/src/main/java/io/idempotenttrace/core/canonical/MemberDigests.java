package io.idempotenttrace.core.canonical;

import java.util.ArrayList;
import java.util.List;

/**
 * Short digests of a document's first top-level members, to say in which of them two payloads differ: for each member, in the document's
 * order, two characters for its name (12 bits) and some for the member itself, all of base64url; and '+' at the end if there are more
 * members. They are a hint for people, not a proof: the payload's hash decides. At most 64 bytes, up to which Redis keeps a record
 * compact.
 *
 * @param members how many members have a digest
 * @param memberCharacters of each member, its name included
 */
public record MemberDigests(int members, int memberCharacters) {

    /** Without a secret: 18 bits of a checksum. They stay in the memory of a process. */
    public static final MemberDigests PLAIN = new MemberDigests(12, 5);
    /** With a secret: 42 bits of an HMAC, see {@link KeyedMembers}. They are stored with the record. */
    public static final MemberDigests KEYED = new MemberDigests(6, 9);

    static final int NAME_CHARACTERS = 2;
    static final byte MORE = '+';

    static MemberDigests of(HashForm form) {
        return form.isKeyed() ? KEYED : PLAIN;
    }

    int longestText() {
        return members * memberCharacters + 1;
    }

    /**
     * The members that differ.
     *
     * @param stored the digests of the other payload
     * @param own the digests of this payload
     * @param ownNames the names of this payload's members, in the order of {@code own}
     * @return JSON Pointers, and phrases for members that only the other payload has, whose names are not stored, and for those that have
     *         no digest
     */
    List<String> differing(String stored, String own, List<String> ownNames) {
        int count = stored.length() / memberCharacters;
        boolean storedHasMore = stored.length() > count * memberCharacters;
        boolean ownHasMore = own.length() > ownNames.size() * memberCharacters;
        // Where each own member is among the stored ones; -1 for one that is not there. Names that share their
        // characters are in the same
        // order in both.
        int[] places = new int[ownNames.size()];
        boolean[] met = new boolean[count];
        int lastMet = -1;
        int lastOwnMet = -1;
        for (int i = 0; i < places.length; i++) {
            places[i] = place(stored, met, name(own, i));
            if (places[i] >= 0) {
                met[places[i]] = true;
                lastMet = Math.max(lastMet, places[i]);
                lastOwnMet = i;
            }
        }
        List<String> differing = new ArrayList<>();
        for (int i = 0; i < places.length; i++) {
            boolean differs = places[i] < 0
                    // Behind the last one that was met, it may be a stored one without a digest.
                    ? !storedHasMore || i < lastOwnMet
                    : !member(own, i).equals(member(stored, places[i]));
            if (differs) {
                differing.add("/" + Pointer.escape(ownNames.get(i)));
            }
        }
        int lacking = 0;
        for (int i = 0; i < count; i++) {
            lacking += !met[i] && (!ownHasMore || i < lastMet) ? 1 : 0;
        }
        if (lacking > 0) {
            differing.add(lacking + " member(s) that this payload lacks");
        }
        if (storedHasMore || ownHasMore) {
            differing.add((differing.isEmpty() ? "" : "perhaps ") + "members after the first " + members);
        }
        return differing;
    }

    private int place(String stored, boolean[] met, String name) {
        for (int i = 0; i < met.length; i++) {
            if (!met[i] && name(stored, i).equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private String name(String digests, int index) {
        return digests.substring(index * memberCharacters, index * memberCharacters + NAME_CHARACTERS);
    }

    private String member(String digests, int index) {
        return digests.substring(index * memberCharacters + NAME_CHARACTERS, (index + 1) * memberCharacters);
    }
}

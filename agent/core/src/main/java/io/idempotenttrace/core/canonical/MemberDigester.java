package io.idempotenttrace.core.canonical;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Digests the first top-level members of a document while it is written, and notes whether there are more: the work for them is bounded,
 * however many members a document has. Used again for the next document; for one thread at a time.
 */
abstract class MemberDigester {

    private final int most;
    private final List<String> names = new ArrayList<>();
    private boolean more;
    /** Of the time before the member that was begun last. */
    private boolean hadMore;
    /** Where the current member begins in the writer's buffer; -1 where none is digested. */
    private int mark = -1;

    /** @param most how many members are digested */
    MemberDigester(int most) {
        this.most = most;
    }

    /** @param secret the one that keys the document's hash; null where none does */
    static MemberDigester of(@Nullable HashSecret secret) {
        return secret == null ? new PlainMemberDigester() : new KeyedMemberDigester(secret);
    }

    void reset() {
        names.clear();
        more = false;
        mark = -1;
    }

    final void begin(String name, int start) {
        hadMore = more;
        if (names.size() == most) {
            more = true;
            return;
        }
        names.add(name);
        mark = start;
    }

    /** The member that was begun is no part of the document; nothing of it was flushed. */
    final void withdraw() {
        if (mark >= 0) {
            names.remove(names.size() - 1);
            mark = -1;
        } else {
            more = hadMore;
        }
    }

    /** The writer is about to empty its buffer. */
    final void flush(byte[] buffer, int size) {
        if (mark >= 0) {
            update(buffer, mark, size - mark);
            mark = 0;
        }
    }

    final void end(byte[] buffer, int size) {
        if (mark >= 0) {
            update(buffer, mark, size - mark);
            mark = -1;
            ended(names.get(names.size() - 1));
        }
    }

    /** The names of the members that were digested, in their order. */
    final List<String> names() {
        return names;
    }

    /** Whether there are more members than were digested. */
    final boolean hasMore() {
        return more;
    }

    abstract void update(byte[] bytes, int from, int count);

    /** The member of that name was given to {@link #update} whole, its name included. */
    abstract void ended(String name);

    /** What is known of the document. */
    abstract PayloadDigest digest(HashForm form, String hash);
}

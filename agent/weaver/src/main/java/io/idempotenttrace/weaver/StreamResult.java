package io.idempotenttrace.weaver;

import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.weaver.application.ApplicationCode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The items of a publisher of many, written as they come: one that changes later is kept as it was, and of what is too large to be
 * stored nothing is kept. For one thread at a time.
 */
final class StreamResult {

    private final ReturnValue itemValue;
    private final int most;
    /** Null once it can't be stored. */
    private @Nullable StringBuilder json = new StringBuilder("[");

    private @Nullable UnendedWork unended;

    StreamResult(ReturnValue itemValue, int maxResultBytes) {
        this.itemValue = itemValue;
        this.most = maxResultBytes;
    }

    void add(Object item) {
        if (json == null) {
            return;
        }
        String text = itemValue.isVoid() ? null : written(item);
        if (text == null || json.length() + text.length() > most) {
            json = null;
        } else {
            json.append(json.length() == 1 ? "" : ",").append(text);
        }
    }

    private @Nullable String written(Object item) {
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            return itemValue.completion(item, /* receiver= */ null).result();
        } catch (UnendedWork found) {
            unended = found;
            return null;
        } finally {
            door[0] = before;
        }
    }

    /** From now on it can't be stored. */
    void giveUp() {
        json = null;
    }

    /** @throws UnendedWork if an item goes on where nobody sees its end */
    Completion completion() {
        if (unended != null) {
            throw unended;
        }
        if (json == null || itemValue.isVoid()) {
            return Completion.EMPTY;
        }
        String text = json.append(']').toString();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length > most ? Completion.EMPTY : itemValue.completionOf(text, bytes);
    }
}

package io.idempotenttrace.core.store;

import java.util.ArrayList;
import java.util.List;

/** Texts that collide. */
public final class SameHash {

    private SameHash() {}

    /** Different texts of the same {@link String#hashCode()}, at most 64. */
    public static List<String> texts(int count) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            for (int bit = 0; bit < 6; bit++) {
                text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            texts.add(text.toString());
        }
        return texts;
    }
}

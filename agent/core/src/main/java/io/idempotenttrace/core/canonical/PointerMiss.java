package io.idempotenttrace.core.canonical;

import io.idempotenttrace.config.NearestName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is told of a pointer that matches nothing: what there is instead. Names of members are told, never values. */
final class PointerMiss {

    /** More names, or longer ones, make no line that somebody reads; a map may have a name for each of its customers. */
    private static final int MOST_NAMES = 20;

    private static final int LONGEST_NAME = 60;

    private PointerMiss() {}

    /**
     * @param before the part of the pointer that matches
     * @param wanted the next segment, unescaped
     * @param value what is there; may be null
     */
    static String describe(String pointer, String before, String wanted, @Nullable Object value) {
        StringBuilder text = new StringBuilder("'")
                .append(UnhashableException.printable(pointer))
                .append("' matches nothing: ");
        String place = before.isEmpty() ? "it" : "'" + UnhashableException.printable(before) + "'";
        if (value == null) {
            return text.append(place).append(" is null").toString();
        }
        List<String> names = ValueMapping.of(value).childNames(value);
        text.append(place)
                .append(", a ")
                .append(TypedMapping.classOf(value).getName())
                .append(", has ");
        if (names.isEmpty()) {
            return text.append("no members").toString();
        }
        for (int i = 0; i < Math.min(names.size(), MOST_NAMES); i++) {
            text.append(i == 0 ? "" : ", ").append(shown(before, names.get(i)));
        }
        if (names.size() > MOST_NAMES) {
            text.append(" and ").append(names.size() - MOST_NAMES).append(" more");
        }
        String nearest = NearestName.of(wanted, names);
        return (nearest == null
                        ? text
                        : text.append("; did you mean '")
                                .append(shown(before, nearest))
                                .append("'?"))
                .toString();
    }

    private static String shown(String before, String name) {
        String pointer = UnhashableException.printable(before + "/" + Pointer.escape(name));
        return pointer.length() <= before.length() + LONGEST_NAME
                ? pointer
                : pointer.substring(0, before.length() + LONGEST_NAME) + "...";
    }
}

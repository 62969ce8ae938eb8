package io.idempotenttrace.survey;

import io.idempotenttrace.core.canonical.UnhashableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was found of one type.
 *
 * @param equal how many equal objects hashed alike
 * @param different how many pairs of unequal objects hashed differently
 * @param refusal why the object itself is refused as a payload; null if it is hashed
 * @param faults collisions, false conflicts, and mistakes of the table itself
 */
record Finding(TypeCase type, int equal, int different, String refusal, List<String> faults) {

    static Finding of(TypeCase type) {
        return of(type, List.of(View.values()));
    }

    static Finding of(TypeCase type, List<? extends Look> views) {
        return new Examination(type, views).finding();
    }

    /** Looks at one type. */
    private static final class Examination {

        /** Stands for the answer of an object that is refused. */
        private static final String REFUSED = "refused";

        private final TypeCase type;
        private final List<? extends Look> views;
        private final List<String> faults = new ArrayList<>();
        private String refusal;
        private String lastRefusal = "it is no key";
        private int equal;
        private int different;

        Examination(TypeCase type, List<? extends Look> views) {
            this.type = type;
            this.views = views;
        }

        Finding finding() {
            try {
                checkTable();
                for (Look view : views) {
                    look(view);
                }
            } catch (Exception | LinkageError e) {
                faults.add("TABLE " + e);
            }
            return new Finding(type, equal, different, refusal, faults);
        }

        /** An object that is said to differ must not be equal by its own equals. */
        private void checkTable() throws Exception {
            Object one = type.one().make();
            for (TypeCase.Other other : type.others()) {
                if (one.equals(other.maker().make()) != other.equal()) {
                    faults.add(
                            "TABLE " + other.part() + ": the objects are " + (other.equal() ? "not " : "") + "equal");
                }
            }
            if (type.others().isEmpty()) {
                faults.add("TABLE has no object that differs");
            }
        }

        private void look(Look view) throws Exception {
            String one = answer(view, type.one().make());
            Map<String, String> seen = new HashMap<>();
            if (one != REFUSED) {
                lookAtEqual(view, one);
                seen.put(one, "the first");
            } else if (view.isPayload()) {
                refusal = lastRefusal;
            }
            for (TypeCase.Other other : type.others()) {
                if (view.isText() && !other.asText()) {
                    continue;
                }
                String answer = answer(view, other.maker().make());
                if (answer == REFUSED) {
                    continue;
                }
                String earlier = seen.put(answer, other.part());
                if (earlier != null) {
                    faults.add("COLLISION " + view + " of " + other.part() + " and " + earlier);
                } else {
                    different++;
                }
            }
        }

        private void lookAtEqual(Look view, String one) throws Exception {
            for (TypeCase.Maker same : type.same()) {
                String other = answer(view, same.make());
                if (one.equals(other)) {
                    equal++;
                } else if (other != REFUSED) {
                    faults.add("UNEQUAL " + view);
                }
            }
        }

        private String answer(Look view, Object value) {
            try {
                String answer = view.of(value);
                return answer == null ? REFUSED : answer;
            } catch (UnhashableException e) {
                lastRefusal = e.getMessage();
                return REFUSED;
            } catch (RuntimeException | StackOverflowError | LinkageError e) {
                faults.add("THROWS " + view + " " + e);
                return REFUSED;
            }
        }
    }
}

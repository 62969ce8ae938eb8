package io.idempotenttrace.core.canonical;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which {@link UnseenFieldPolicy} an object's class has. The nearest one counts: of the class itself, of the class it is nested in,
 * of its package, of the packages around that, of the method's scope, of all. Immutable.
 */
public final class UnseenFieldPolicies {

    /** As {@code unseen-fields} is where nobody sets it. */
    public static final UnseenFieldPolicies DEFAULT = new UnseenFieldPolicies(UnseenFieldPolicy.REFUSE, Map.of());

    private final UnseenFieldPolicy others;
    /** By name of a class or package. */
    private final Map<String, UnseenFieldPolicy> named;

    /**
     * @param others of the classes that no name covers
     * @param named by the name of a class or package
     */
    public UnseenFieldPolicies(UnseenFieldPolicy others, Map<String, UnseenFieldPolicy> named) {
        this.others = others;
        this.named = Map.copyOf(named);
    }

    /**
     * Why objects of exactly this class are refused for fields that are not seen.
     *
     * @return null if they are not
     */
    public @Nullable String refusal(Class<?> type) {
        ValueMapping mapping = of(type) == UnseenFieldPolicy.REFUSE ? ValueMapping.ofClass(type) : null;
        UnseenFields unseen = mapping instanceof BeanMapping bean
                ? bean.unseen()
                : mapping instanceof OwnState own ? own.unseen() : null;
        return unseen == null ? null : unseen.reason();
    }

    UnseenFieldPolicy of(Class<?> type) {
        if (named.isEmpty()) {
            return others;
        }
        String name = type.getName();
        while (true) {
            UnseenFieldPolicy found = named.get(name);
            int end = Math.max(name.lastIndexOf('.'), name.lastIndexOf('$'));
            if (found != null || end < 0) {
                return found != null ? found : others;
            }
            name = name.substring(0, end);
        }
    }
}

package io.idempotenttrace.weaver;

import io.idempotenttrace.core.classfile.SuperTypes;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

/**
 * Whether a result can come back as what its method declares: no object of an interface can be made, and none of the application's classes
 * for {@code Object}. Asked before anything of the value is written.
 */
final class DeclaredParts {

    private static final int DEEPEST = 8;

    private final JavaType type;
    private final ResultReaders readers;
    /** Null until the first value: to look at the type runs static initializers of the application. */
    private volatile @Nullable Boolean doubtful;

    DeclaredParts(JavaType type, ResultReaders readers) {
        this.type = type;
        this.readers = readers;
    }

    boolean canComeBack(@Nullable Object value) {
        Boolean known = doubtful;
        if (known == null) {
            known = isDoubtful(type, 0);
            doubtful = known;
        }
        return !known || canComeBack(type, value, 0);
    }

    /** Whether some of its values can't come back for what it declares. */
    private boolean isDoubtful(JavaType part, int depth) {
        if (isOpen(part)) {
            return true;
        }
        if (part.isContainerType() || part.isReferenceType()) {
            return depth < DEEPEST && part.getContentType() != null && isDoubtful(part.getContentType(), depth + 1);
        }
        return !readers.canMake(part);
    }

    private boolean canComeBack(JavaType declared, @Nullable Object value, int depth) {
        if (value == null || depth > DEEPEST) {
            return true;
        }
        if (value instanceof Optional<?> optional) {
            return !declared.isReferenceType() || canComeBack(content(declared), optional.orElse(null), depth + 1);
        }
        if (value instanceof Collection || value instanceof Map || value instanceof Object[]) {
            JavaType content = content(declared);
            return HeldWork.isComputed(value)
                    || !isDoubtful(content, depth)
                    || elements(value).allMatch(element -> canComeBack(content, element, depth + 1));
        }
        return isOpen(declared)
                ? !isObjectOfApplication(value)
                : declared.isContainerType() || declared.isReferenceType() || readers.canMake(declared);
    }

    private static Stream<?> elements(Object container) {
        return container instanceof Map<?, ?> map
                ? map.values().stream()
                : container instanceof Collection<?> collection
                        ? collection.stream()
                        : Arrays.stream((Object[]) container);
    }

    /** Of an open type, its elements are as open. */
    private static JavaType content(JavaType declared) {
        return declared.getContentType() == null ? declared : declared.getContentType();
    }

    private static boolean isOpen(JavaType part) {
        return OpenValue.TYPES.contains(part.getRawClass());
    }

    /** Where nothing is declared, JSON brings texts, numbers, booleans, lists and maps. */
    private static boolean isObjectOfApplication(Object value) {
        Class<?> type = value.getClass();
        return !SuperTypes.isPlatform(type)
                && !type.isArray()
                && List.of(Iterable.class, CharSequence.class, Number.class, Map.Entry.class).stream()
                        .noneMatch(known -> known.isInstance(value));
    }
}

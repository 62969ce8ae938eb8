package io.idempotenttrace.core.canonical;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Maps, lists, sets and arrays. */
final class ContainerMapping {

    private ContainerMapping() {}

    static final ValueMapping MAP = new ValueMapping() {
        @Override
        void write(CanonicalWriter writer, Object value) {
            writer.map((Map<?, ?>) value);
        }

        @Override
        boolean isObject(Object value) {
            return true;
        }

        @Override
        @Nullable
        Object child(Object value, String segment) {
            Map<?, ?> map = (Map<?, ?>) value;
            Object found = onlyAnswers(map.getClass()) ? get(map, segment) : null;
            return found != null ? found : search(map, segment);
        }

        /**
         * Whether get changes nothing, and runs no code but the JDK's. A map of a library may fill in a member that it is asked for, and a
         * LinkedHashMap may be in access order, also behind one of the JDK's wrappers.
         */
        private boolean onlyAnswers(Class<?> type) {
            return type == HashMap.class
                    || type == TreeMap.class
                    || type == ConcurrentHashMap.class
                    || type.getName().startsWith("java.util.ImmutableCollections$");
        }

        private @Nullable Object get(Map<?, ?> map, String segment) {
            try {
                return map.get(segment);
            } catch (ClassCastException e) {
                // A sorted map of other keys than text.
                return null;
            }
        }

        private boolean containsKey(Map<?, ?> map, String segment) {
            try {
                return map.containsKey(segment);
            } catch (ClassCastException e) {
                return false;
            }
        }

        /** Without asking the map for the member: by its entries. */
        private @Nullable Object search(Map<?, ?> map, String segment) {
            Object inOtherCase = null;
            Object ofOtherKey = null;
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                Object key = entry.getKey();
                if (key instanceof String text) {
                    if (text.equals(segment)) {
                        return entry.getValue();
                    }
                    if (text.equalsIgnoreCase(segment)) {
                        inOtherCase = entry.getValue();
                    }
                } else if (key != null && segment.equals(ValueMapping.of(key).memberName(key))) {
                    ofOtherKey = entry.getValue();
                }
            }
            if (ofOtherKey == null && inOtherCase != null && containsKey(map, segment)) {
                // A map that does not tell upper from lower case, such as one of headers.
                return inOtherCase;
            }
            return ofOtherKey;
        }

        @Override
        boolean hasChild(Object value, String segment) {
            return childNames(value).contains(segment);
        }

        @Override
        List<String> childNames(Object value) {
            List<String> names = new ArrayList<>();
            for (Object key : ((Map<?, ?>) value).keySet()) {
                String name = key == null ? null : ValueMapping.of(key).memberName(key);
                if (name != null) {
                    names.add(name);
                }
            }
            return names;
        }
    };

    /** An entry, as Jackson writes it: an object of its key and value. */
    static final ValueMapping ENTRY = new ValueMapping() {
        @Override
        void write(CanonicalWriter writer, Object value) {
            writer.entry((Map.Entry<?, ?>) value);
        }

        @Override
        @Nullable
        Object child(Object value, String segment) {
            Map.Entry<?, ?> entry = (Map.Entry<?, ?>) value;
            return MAP.child(java.util.Collections.singletonMap(entry.getKey(), entry.getValue()), segment);
        }

        @Override
        boolean hasChild(Object value, String segment) {
            return childNames(value).contains(segment);
        }

        @Override
        List<String> childNames(Object value) {
            return MAP.childNames(java.util.Collections.singletonMap(((Map.Entry<?, ?>) value).getKey(), null));
        }
    };

    static final ValueMapping ITERABLE = new ValueMapping() {
        @Override
        void write(CanonicalWriter writer, Object value) {
            Iterable<?> elements = (Iterable<?>) value;
            OneTimeSources.refuse(elements);
            writer.elements(elements);
        }

        @Override
        @Nullable
        Object child(Object value, String segment) {
            int index = index(segment);
            if (value instanceof List<?> list) {
                return index >= 0 && index < list.size() ? list.get(index) : null;
            }
            OneTimeSources.refuse((Iterable<?>) value);
            Iterator<?> elements = ((Iterable<?>) value).iterator();
            for (int i = 0; index >= 0 && elements.hasNext(); i++) {
                Object element = elements.next();
                if (i == index) {
                    return element;
                }
            }
            return null;
        }

        @Override
        boolean hasChild(Object value, String segment) {
            int index = index(segment);
            if (value instanceof Collection<?> collection) {
                return index >= 0 && index < collection.size();
            }
            OneTimeSources.refuse((Iterable<?>) value);
            Iterator<?> elements = ((Iterable<?>) value).iterator();
            for (int i = 0; index >= 0 && elements.hasNext(); i++, elements.next()) {
                if (i == index) {
                    return true;
                }
            }
            return false;
        }

        @Override
        List<String> childNames(Object value) {
            return List.of();
        }
    };

    static final ValueMapping SET = new ValueMapping() {
        @Override
        void write(CanonicalWriter writer, Object value) {
            writer.set((Collection<?>) value);
        }

        @Override
        boolean hasChild(Object value, String segment) {
            return false;
        }

        @Override
        List<String> childNames(Object value) {
            return List.of();
        }
    };

    /** Arrays of objects and of every primitive but byte and char. */
    static final ValueMapping ARRAY = new ValueMapping() {
        @Override
        void write(CanonicalWriter writer, Object value) {
            writer.beginArray(value);
            boolean first = true;
            int length = Array.getLength(value);
            for (int i = 0; i < length; i++) {
                first = writer.element(i, Array.get(value, i), first);
            }
            writer.endArray();
        }

        @Override
        @Nullable
        Object child(Object value, String segment) {
            int index = index(segment);
            return index >= 0 && index < Array.getLength(value) ? Array.get(value, index) : null;
        }

        @Override
        boolean hasChild(Object value, String segment) {
            int index = index(segment);
            return index >= 0 && index < Array.getLength(value);
        }

        @Override
        List<String> childNames(Object value) {
            return List.of();
        }
    };
}

package io.idempotenttrace.core.canonical;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Finds a class's properties by Jackson's rules: public getters ({@code getX}, and {@code isX} of a boolean), record
 * components, public fields, and what Jackson's annotations add, rename or take away.
 */
final class BeanProperties {

    /** The class can't be read; the message says why and what to do. */
    static final class NotABean extends Exception {

        private static final long serialVersionUID = 1L;

        NotABean(String message) {
            super(message);
        }
    }

    /** What is known of one property, by its name in Java. */
    private static final class Draft {

        private Field publicField;
        private Member annotated;
        private Method getter;
        private String explicitName = "";
        private boolean explicit;
        private boolean ignored;
        private String inclusion;
    }

    private static final MethodType GETTER = MethodType.methodType(Object.class, Object.class);

    private final Class<?> type;
    private final boolean kotlin;
    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private final Set<String> fieldNames = new HashSet<>();

    private BeanProperties(Class<?> type) {
        this.type = type;
        this.kotlin = JacksonAnnotations.find(type, "kotlin.Metadata") != null;
    }

    static List<BeanProperty> of(Class<?> type) throws NotABean {
        BeanProperties properties = new BeanProperties(type);
        properties.collectFields(type);
        properties.collectComponents();
        properties.collectMethods();
        return properties.finish();
    }

    private void collectFields(Class<?> level) {
        if (level == null || level == Object.class) {
            return;
        }
        collectFields(level.getSuperclass());
        for (Field field : level.getDeclaredFields()) {
            int modifiers = field.getModifiers();
            if (Modifier.isStatic(modifiers) || field.isSynthetic()) {
                continue;
            }
            fieldNames.add(field.getName());
            Draft draft = annotate(field.getName(), field, field);
            if (Modifier.isPublic(modifiers) && !Modifier.isTransient(modifiers)) {
                draft.publicField = field;
            }
        }
    }

    private void collectComponents() {
        if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                Draft draft = annotate(component.getName(), component.getAccessor(), component.getAccessor());
                draft.getter = component.getAccessor();
            }
        }
    }

    private void collectMethods() {
        for (Method method : type.getMethods()) {
            if (Modifier.isStatic(method.getModifiers()) || method.isSynthetic() || method.getDeclaringClass() == Object.class) {
                continue;
            }
            String setterOf = method.getParameterCount() == 1 && method.getName().startsWith("set")
                    ? decapitalized(method.getName(), 3) : null;
            if (setterOf != null) {
                annotate(setterOf, method, null);
            }
            String name = method.getParameterCount() == 0 && method.getReturnType() != void.class ? propertyOf(method) : null;
            if (name != null) {
                Draft draft = annotate(name, method, method);
                // Of two getters of one property, Jackson prefers getX to isX.
                if (draft.getter == null || !method.getName().startsWith("is")) {
                    draft.getter = method;
                }
            }
        }
    }

    /** The property's name in Java; null if the method is no getter. */
    private String propertyOf(Method method) {
        String name = method.getName();
        if (name.startsWith("get") && !name.equals("getClass") && !name.equals("getMetaClass")) {
            return decapitalized(name, 3);
        }
        boolean flag = method.getReturnType() == boolean.class || method.getReturnType() == Boolean.class;
        if (name.startsWith("is") && flag) {
            // Kotlin calls the property isX too, and has a field of that name.
            return kotlin && fieldNames.contains(name) ? name : decapitalized(name, 2);
        }
        // A method of another name that an annotation makes a property; records' accessors are known already.
        return JacksonAnnotations.find(method, JacksonAnnotations.PROPERTY) != null && !drafts.containsKey(name) ? name : null;
    }

    /** As Jackson does it: all leading capitals become small; null where nothing follows the prefix. */
    private static String decapitalized(String method, int prefix) {
        if (method.length() == prefix) {
            return null;
        }
        StringBuilder name = new StringBuilder(method.substring(prefix));
        for (int i = 0; i < name.length() && Character.toLowerCase(name.charAt(i)) != name.charAt(i); i++) {
            name.setCharAt(i, Character.toLowerCase(name.charAt(i)));
        }
        return name.toString();
    }

    /** @param readable the member itself if a value can be read from it; else null */
    private Draft annotate(String name, AnnotatedElement element, Member readable) {
        Draft draft = drafts.computeIfAbsent(name, key -> new Draft());
        Object property = JacksonAnnotations.find(element, JacksonAnnotations.PROPERTY);
        if (property != null) {
            draft.explicit = true;
            draft.annotated = readable != null && draft.annotated == null ? readable : draft.annotated;
            String explicitName = JacksonAnnotations.text(property, "value");
            draft.explicitName = explicitName.isEmpty() ? draft.explicitName : explicitName;
        }
        draft.ignored |= JacksonAnnotations.isIgnored(element);
        String inclusion = JacksonAnnotations.inclusion(element);
        draft.inclusion = inclusion != null ? inclusion : draft.inclusion;
        return draft;
    }

    private List<BeanProperty> finish() throws NotABean {
        UnaryOperator<String> naming = JacksonAnnotations.naming(type);
        Set<String> ignoredNames = JacksonAnnotations.ignoredProperties(type);
        String classInclusion = JacksonAnnotations.inclusion(type);
        List<BeanProperty> properties = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Map.Entry<String, Draft> entry : drafts.entrySet()) {
            Draft draft = entry.getValue();
            Member source = draft.getter != null ? draft.getter : draft.publicField != null ? draft.publicField : draft.annotated;
            String name = draft.explicitName.isEmpty() ? naming.apply(entry.getKey()) : draft.explicitName;
            if (source == null || draft.ignored || ignoredNames.contains(name)) {
                continue;
            }
            if (!names.add(name)) {
                throw new NotABean(type.getName() + " has two properties '" + name + "'; rename one with @JsonProperty, or mark the"
                        + " parameter @Unhashed");
            }
            String inclusion = draft.inclusion != null ? draft.inclusion : classInclusion;
            properties.add(new BeanProperty(name, (source instanceof Method ? "getter " : "field ") + source.getName(),
                    getter(source), BeanProperty.Inclusion.of(inclusion)));
        }
        return properties;
    }

    private MethodHandle getter(Member source) throws NotABean {
        try {
            ((AccessibleObject) source).setAccessible(true);
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MethodHandle handle = source instanceof Method method ? lookup.unreflect(method) : lookup.unreflectGetter((Field) source);
            return handle.asType(GETTER);
        } catch (IllegalAccessException | InaccessibleObjectException e) {
            throw new NotABean(source.getName() + " of " + type.getName() + " can't be read: its module "
                    + type.getModule().getName() + " does not open package " + type.getPackageName()
                    + "; open it, or mark the parameter @Unhashed");
        }
    }
}

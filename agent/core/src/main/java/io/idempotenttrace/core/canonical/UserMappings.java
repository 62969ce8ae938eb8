package io.idempotenttrace.core.canonical;

import io.idempotenttrace.config.MappingEntries;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The mappings that users name for classes of theirs: by the setting {@code mapping}, and by the files
 * {@code META-INF/services/idempotent.mapping} that a class's own loader sees. They win over every built-in rule, for the named class and for
 * what extends or implements it; of several that fit, the nearest counts, and the setting counts more than a file.
 *
 * <p>A class is asked for once, when its first value is met, so the setting has to be there before: {@link #install} refuses to come
 * later. Of a loader only texts are kept, so that it can go. Safe for use by many threads.
 */
public final class UserMappings {

    static final String FILE = "META-INF/services/idempotent.mapping";
    private static final String SETTING = "setting 'mapping'";

    private static final Object LOCK = new Object();
    /** Written once, before the first look-up. */
    private static Map<String, String> configured = Map.of();

    private static boolean asked;
    /** Names in the setting that no class was met for. */
    private static final Set<String> UNUSED = Collections.synchronizedSet(new TreeSet<>());

    private static final Map<ClassLoader, Files> FILES = Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * What the files say that one loader sees.
     *
     * @param problem why they can't be read, for people; null if they can
     */
    private record Files(
            Map<String, String> entries,
            Map<String, String> sources,
            @Nullable String problem) {}

    /** A class that is named, by whom, and the method. */
    private record Named(
            Class<?> type, String method, @Nullable String source) {}

    private UserMappings() {}

    /**
     * Takes the setting's entries, for the whole process.
     *
     * @param entries the setting's text; empty for none
     * @throws IllegalStateException if values were mapped before with other entries: some classes would keep their old mapping
     */
    public static void install(String entries) {
        Map<String, String> parsed = normalized(MappingEntries.parse(entries));
        synchronized (LOCK) {
            if (parsed.equals(configured)) {
                return;
            }
            if (asked || !configured.isEmpty()) {
                throw new IllegalStateException(
                        SETTING + " counts for the whole process and was given after values had been hashed, or a"
                                + " second time with other entries; set it once, before the first value is hashed");
            }
            configured = parsed;
            UNUSED.addAll(parsed.keySet());
        }
    }

    /** The names in the setting of which no value was met yet, for people. */
    public static Set<String> unused() {
        synchronized (UNUSED) {
            return new TreeSet<>(UNUSED);
        }
    }

    /** Whether a class of that name, as {@link Class#getName} gives it, has a mapping of the user's own, or may have. Loads no class. */
    public static boolean mayBeNamed(String className, ClassLoader loader) {
        Files files = files(loader);
        String name = normalized(className);
        synchronized (LOCK) {
            return files.problem != null || files.entries.containsKey(name) || configured.containsKey(name);
        }
    }

    /** Whether the user names a mapping for the class, or for what it extends or implements. Loads no class. */
    static boolean isNamed(Class<?> type) {
        if (type.isArray() || type.isPrimitive() || type.getName().startsWith("java.")) {
            return false;
        }
        Map<String, String> setting;
        synchronized (LOCK) {
            setting = configured;
        }
        return nearest(type, setting, files(type.getClassLoader())) != null;
    }

    /** The user's mapping of the class; null if there is none. */
    static @Nullable ValueMapping of(Class<?> type) {
        Map<String, String> setting;
        synchronized (LOCK) {
            asked = true;
            setting = configured;
        }
        // Nobody can name a class of the JDK, and of an array its elements are mapped.
        if (type.isArray() || type.getName().startsWith("java.")) {
            return null;
        }
        Files files = files(type.getClassLoader());
        if (setting.isEmpty() && files.problem == null && files.entries.isEmpty()) {
            return null;
        }
        Named named = nearest(type, setting, files);
        if (named != null) {
            UNUSED.remove(normalized(named.type.getName()));
            return UserMapping.of(type, named.type, named.method, named.source);
        }
        return files.problem == null
                ? null
                : new RefusedMapping(type.getName() + " can't be hashed, since it may have a mapping that is not"
                        + " known: " + files.problem + "; mend the file");
    }

    /** Breadth first, a superclass before the interfaces beside it. */
    private static @Nullable Named nearest(Class<?> type, Map<String, String> setting, Files files) {
        Deque<Class<?>> open = new ArrayDeque<>();
        Set<Class<?>> seen = new HashSet<>();
        open.add(type);
        while (!open.isEmpty()) {
            Class<?> level = open.remove();
            if (!seen.add(level)) {
                continue;
            }
            String name = normalized(level.getName());
            if (setting.containsKey(name)) {
                return new Named(level, setting.get(name), SETTING);
            }
            if (files.entries.containsKey(name)) {
                return new Named(level, files.entries.get(name), files.sources.get(name));
            }
            if (level.getSuperclass() != null) {
                open.add(level.getSuperclass());
            }
            Collections.addAll(open, level.getInterfaces());
        }
        return null;
    }

    private static Files files(ClassLoader loader) {
        if (loader == null) {
            return new Files(Map.of(), Map.of(), null);
        }
        Files known = FILES.get(loader);
        if (known == null) {
            // Not under a lock: it runs the application's loader.
            known = readFiles(loader);
            FILES.put(loader, known);
        }
        return known;
    }

    private static Files readFiles(ClassLoader loader) {
        Map<String, String> entries = new HashMap<>();
        Map<String, String> sources = new HashMap<>();
        URL current = null;
        try {
            Enumeration<URL> found = loader.getResources(FILE);
            while (found.hasMoreElements()) {
                current = found.nextElement();
                for (Map.Entry<String, String> entry :
                        normalized(MappingEntries.parseFile(text(current))).entrySet()) {
                    String before = entries.putIfAbsent(entry.getKey(), entry.getValue());
                    if (before != null && !before.equals(entry.getValue())) {
                        return new Files(
                                Map.of(),
                                Map.of(),
                                entry.getKey() + " is mapped by " + before + " in " + sources.get(entry.getKey())
                                        + " and by " + entry.getValue() + " in " + current);
                    }
                    sources.putIfAbsent(entry.getKey(), current.toString());
                }
            }
            return new Files(entries, sources, null);
        } catch (IOException | IllegalArgumentException e) {
            return new Files(
                    Map.of(),
                    Map.of(),
                    (current == null ? FILE : current) + ": "
                            + (e instanceof IOException ? e.toString() : e.getMessage()));
        }
    }

    private static String text(URL file) throws IOException {
        java.net.URLConnection connection = file.openConnection();
        // A cached jar would stay open, and could not be replaced while the application runs.
        connection.setUseCaches(false);
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A nested class may be named as in the source, or as its class file is. */
    private static String normalized(String className) {
        return className.replace('$', '.');
    }

    private static Map<String, String> normalized(Map<String, String> entries) {
        Map<String, String> normalized = new LinkedHashMap<>();
        entries.forEach((name, method) -> normalized.put(normalized(name), method));
        return normalized;
    }
}

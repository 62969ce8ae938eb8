package io.idempotenttrace.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The checked values of all settings. Sources, the first that names a setting wins: agent argument, system properties,
 * environment, the file named by {@code config-file}, defaults. Immutable.
 */
public final class Configuration {

    /** Begins the names of {@link #scopeValues} that are of a class or package: no scope begins so. */
    static final String TYPE = "\0type ";

    private final Map<Setting, String> values;
    /** "scope\0name" to value, of {@code scope.<scope>.<name>}; behind {@link #TYPE}, of {@code type.<class or package>.<name>}. */
    private final Map<String, String> scopeValues;
    /** Of each scope that {@link Setting#RECORD_SCOPE} names, the one that has its records there. */
    private final Map<String, String> recordedThere = new HashMap<>();

    /** The key of {@link #problem} in {@link #toMap()}: no setting has this name. */
    private static final String PROBLEM = "\0problem";

    private final List<String> notes;
    private final @Nullable String problem;
    /** Who gave the values, by the names in {@link #values} and {@link #scopeValues}; empty where that is not known. */
    private final Map<String, String> sources;

    Configuration(
            Map<Setting, String> values,
            Map<String, String> scopeValues,
            List<String> notes,
            Map<String, String> sources) {
        this(values, scopeValues, notes, sources, null);
    }

    private Configuration(
            Map<Setting, String> values,
            Map<String, String> scopeValues,
            List<String> notes,
            Map<String, String> sources,
            @Nullable String problem) {
        this.values = values;
        this.scopeValues = scopeValues;
        this.sources = sources;
        this.notes = notes;
        this.problem = problem;
        String end = '\0' + Setting.RECORD_SCOPE.key();
        for (Map.Entry<String, String> entry : scopeValues.entrySet()) {
            String name = entry.getKey();
            if (name.endsWith(end)) {
                // Of several, always the same one.
                recordedThere.merge(
                        entry.getValue(),
                        name.substring(0, name.length() - end.length()),
                        (a, b) -> a.compareTo(b) < 0 ? a : b);
            }
        }
    }

    /** These settings, with which no engine can start. */
    Configuration unready(String why) {
        return new Configuration(values, scopeValues, notes, sources, why);
    }

    /**
     * Why no engine can start with these settings, in one line; null where one can. See {@link ConfigurationException#unready()}.
     */
    public @Nullable String problem() {
        return problem;
    }

    /** Every setting at its default. */
    public static Configuration defaults() {
        return new Configuration(
                new EnumMap<>(Setting.class), Collections.emptyMap(), Collections.emptyList(), Collections.emptyMap());
    }

    /**
     * The settings of this JVM.
     *
     * @param agentArgument what follows {@code -javaagent:...jar=}; null or empty where nothing does
     * @throws ConfigurationException if a name is unknown, a value is not allowed, or a file that a setting names can't be used
     */
    public static Configuration load(@Nullable String agentArgument) throws ConfigurationException {
        return new ConfigurationLoader(System.getProperties(), System.getenv()).load(agentArgument);
    }

    /**
     * The settings of this JVM, where these count more than all other sources, as an agent argument does.
     *
     * @param given values by the names of the settings, such as {@code redis-url}, or {@code scope.<scope>.<name>}
     * @throws ConfigurationException as {@link #load(String)}
     */
    public static Configuration loadWith(Map<String, String> given) throws ConfigurationException {
        return new ConfigurationLoader(System.getProperties(), System.getenv()).load(given);
    }

    /** These settings with another value for one of them: for tests and for use as a library. The value is not checked. */
    public Configuration with(Setting setting, String value) {
        Map<Setting, String> changed = new EnumMap<>(Setting.class);
        changed.putAll(values);
        changed.put(setting, value);
        return new Configuration(changed, scopeValues, notes, sources, problem);
    }

    /** The value, or the default; never null, empty where there is neither. */
    public String text(Setting setting) {
        String value = values.get(setting);
        return value != null ? value : setting.defaultValue();
    }

    /** The value for one scope, else the one for all. */
    public String text(Setting setting, String scope) {
        String value = scopeValues.get(scope + '\0' + setting.key());
        return value != null ? value : text(setting);
    }

    /** The values of {@code type.<class or package>.<name>}, by class or package. */
    public Map<String, String> ofTypes(Setting setting) {
        Map<String, String> found = new HashMap<>();
        String end = '\0' + setting.key();
        for (Map.Entry<String, String> entry : scopeValues.entrySet()) {
            String name = entry.getKey();
            if (name.startsWith(TYPE) && name.endsWith(end)) {
                found.put(name.substring(TYPE.length(), name.length() - end.length()), entry.getValue());
            }
        }
        return found;
    }

    /** Whether a value was given, for that scope or for all. */
    public boolean isSet(Setting setting, String scope) {
        return values.containsKey(setting) || scopeValues.containsKey(scope + '\0' + setting.key());
    }

    /** The scopes that have a value of their own. */
    public Set<String> scopes() {
        Set<String> scopes = new TreeSet<>();
        for (String name : scopeValues.keySet()) {
            if (!name.startsWith(TYPE)) {
                scopes.add(name.substring(0, name.indexOf('\0')));
            }
        }
        return scopes;
    }

    /** The scope in the names of that scope's records: itself, if {@link Setting#RECORD_SCOPE} says no other. */
    public String recordScope(String scope) {
        String named = text(Setting.RECORD_SCOPE, scope);
        return named.isEmpty() ? scope : named;
    }

    /** The scope whose settings count for records with that scope in their names: the reverse of {@link #recordScope}. */
    public String settingScope(String recordScope) {
        return recordedThere.getOrDefault(recordScope, recordScope);
    }

    /** Whether {@link Setting#RECORD_SCOPE} names that scope for another one. */
    public boolean isRecordScope(String scope) {
        return recordedThere.containsKey(scope);
    }

    /** The duration; 0 for {@code off}. */
    public long millis(Setting setting) {
        return Math.max(0, Durations.parseMillis(text(setting)));
    }

    /** As {@link #millis(Setting)}, for one scope. */
    public long millis(Setting setting, String scope) {
        return Math.max(0, Durations.parseMillis(text(setting, scope)));
    }

    public int count(Setting setting) {
        return ValueKind.parseCount(text(setting));
    }

    public int count(Setting setting, String scope) {
        return ValueKind.parseCount(text(setting, scope));
    }

    /** What the sources say without effect, each in a sentence for people; empty for a copy by {@link #fromMap(Map)}. */
    public List<String> notes() {
        return notes;
    }

    /** Whether records go to Redis: asked for, or a URL is known. */
    public boolean usesRedis() {
        String store = text(Setting.STORE);
        return store.equals("redis")
                || store.equals("auto") && !text(Setting.REDIS_URL).isEmpty();
    }

    /** What the user must know of a store that nobody asked for by name, in whole sentences; null if there is nothing to say. */
    public @Nullable String inMemoryWarning() {
        return usesRedis() || !text(Setting.STORE).equals("auto")
                ? null
                : "no Redis URL is known, so records live in this process alone: other processes and the time after a restart are not"
                        + " covered. Set REDIS_URL, or store=memory if that is meant.";
    }

    /** Every setting as it counts, in the order of the table, then those of single scopes and types by name; secrets are masked. */
    public List<EffectiveSetting> effective() {
        List<EffectiveSetting> effective = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            if (!setting.onlyPerScope()) {
                String source = values.containsKey(setting) ? source(setting.key()) : "default";
                effective.add(
                        new EffectiveSetting(setting.key(), EffectiveSetting.masked(setting, text(setting)), source));
            }
        }
        for (Map.Entry<String, String> entry : new TreeMap<>(scopeValues).entrySet()) {
            String name = entry.getKey();
            boolean ofType = name.startsWith(TYPE);
            effective.add(new EffectiveSetting(
                    (ofType ? "type." + name.substring(TYPE.length()) : "scope." + name).replace('\0', '.'),
                    entry.getValue(),
                    source(name)));
        }
        return effective;
    }

    private String source(String name) {
        String source = sources.get(name);
        return source == null ? "unknown" : source.replaceFirst("^(a|the) ", "");
    }

    /**
     * All values as plain text, to hand them to another class loader's copy of this class; see {@link #fromMap(Map)}.
     */
    public Map<String, String> toMap() {
        Map<String, String> map = new HashMap<>();
        for (Map.Entry<Setting, String> entry : values.entrySet()) {
            map.put(entry.getKey().key(), entry.getValue());
        }
        map.putAll(scopeValues);
        if (problem != null) {
            map.put(PROBLEM, problem);
        }
        return map;
    }

    /** The reverse of {@link #toMap()}. */
    public static Configuration fromMap(Map<String, String> map) {
        Map<Setting, String> values = new EnumMap<>(Setting.class);
        Map<String, String> scopeValues = new HashMap<>();
        for (Map.Entry<String, String> entry : map.entrySet()) {
            Setting setting = Setting.byKey(entry.getKey());
            if (setting != null) {
                values.put(setting, entry.getValue());
            } else if (!entry.getKey().equals(PROBLEM)) {
                scopeValues.put(entry.getKey(), entry.getValue());
            }
        }
        return new Configuration(
                values, scopeValues, Collections.emptyList(), Collections.emptyMap(), map.get(PROBLEM));
    }
}

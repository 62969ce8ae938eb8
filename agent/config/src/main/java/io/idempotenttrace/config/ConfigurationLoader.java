package io.idempotenttrace.config;

import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings from their sources, strongest first, and checks each name and value. Every value is trimmed, and one of which
 * nothing is left counts as not set, so that the next source is asked. A name that is no setting is an error, but in the environment it
 * is ignored with a note: Kubernetes writes variables of its own there, such as {@code IDEMPOTENT_TRACE_REDIS_PORT} for a service with
 * the name {@code idempotent-trace-redis}.
 */
final class ConfigurationLoader {

    private static final String PROPERTY_PREFIX = "idempotent.trace.";
    private static final String ENVIRONMENT_PREFIX = "IDEMPOTENT_TRACE_";
    private static final String SCOPE_PREFIX = "scope.";
    private static final String TYPE_PREFIX = "type.";
    private static final String ENVIRONMENT = "the environment";
    private static final String AGENT_ARGUMENT = "the agent argument";
    private static final String UNSHOWN_IN_ARGUMENT =
            "a part without the name of a setting, behind one that may carry a password (so it is not shown),";

    /** What editors of Windows put at the beginning of a text in UTF-8. */
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private static final String THROW = "throw";

    /** Of variables that name no setting: a service's variables are seven, and several services may match. */
    private static final int MOST_NAMED_VARIABLES = 20;

    /** A file of settings is a few kilobytes; a larger one is another file. */
    private static final int MOST_FILE_BYTES = 1024 * 1024;

    private final Properties properties;
    private final Map<String, String> environment;
    private final Map<Setting, String> values = new EnumMap<>(Setting.class);
    private final Map<String, String> scopeValues = new HashMap<>();
    /** Who gave the values that count, by the names in the two maps before, for {@link Configuration#effective()}. */
    private final Map<String, String> sources = new HashMap<>();

    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    /** Settings that parameters of the Redis URL stand for; they count less than the settings themselves. */
    private final Map<Setting, String> implied = new EnumMap<>(Setting.class);
    /** Variables of the environment that name no setting, in the words of {@link #unknownVariable}. */
    private final List<String> unknownVariables = new ArrayList<>();

    private boolean emptySecretInEnvironment;

    ConfigurationLoader(Properties properties, Map<String, String> environment) {
        this.properties = properties;
        this.environment = environment;
    }

    Configuration load(@Nullable String agentArgument) throws ConfigurationException {
        readAgentArgument(agentArgument == null ? "" : agentArgument);
        return loadRest();
    }

    /** @param given names and values that a program gives in place of an agent argument */
    Configuration load(Map<String, String> given) throws ConfigurationException {
        for (Map.Entry<String, String> setting : given.entrySet()) {
            put(setting.getKey(), setting.getValue(), "the settings that the program gave");
        }
        return loadRest();
    }

    /** The weaker sources, and what concerns several settings. */
    private Configuration loadRest() throws ConfigurationException {
        readProperties();
        readEnvironment();
        readFile(values.get(Setting.CONFIG_FILE));
        addNotesOnEnvironment();
        if (!values.containsKey(Setting.REDIS_URL)) {
            String url = environment.get("REDIS_URL");
            if (url != null) {
                put(Setting.REDIS_URL.key(), url, "the environment variable REDIS_URL");
            }
        }
        for (Map.Entry<Setting, String> setting : implied.entrySet()) {
            if (values.putIfAbsent(setting.getKey(), setting.getValue()) == null) {
                sources.put(setting.getKey().key(), "a parameter of redis-url");
            }
        }
        if (problems.isEmpty()
                && "redis".equals(values.get(Setting.STORE))
                && values.getOrDefault(Setting.REDIS_URL, "").isEmpty()) {
            problems.add(
                    "setting 'store' is 'redis' but no URL is known: set 'redis-url' or the environment variable REDIS_URL");
        }
        boolean settingsAreRight = problems.isEmpty();
        SettingFiles.check(values, problems, notes);
        if (problems.isEmpty()) {
            notes.addAll(ExposedConnection.notes(values));
            return new Configuration(values, scopeValues, notes, sources);
        }
        Configuration unready =
                new Configuration(values, scopeValues, notes, sources).unready(String.join("; ", problems));
        throw new ConfigurationException(
                problems,
                "exit".equals(values.get(Setting.ON_CONFIG_ERROR)),
                settingsAreRight || asksForRefusal() ? unready : null);
    }

    /** Whether a setting asks that no body runs unguarded: then bodies must not run because another setting is wrong. */
    private boolean asksForRefusal() {
        for (Map.Entry<String, String> entry : scopeValues.entrySet()) {
            if (entry.getKey().endsWith('\0' + Setting.ON_STORE_FAILURE.key())
                    && entry.getValue().equals(THROW)) {
                return true;
            }
        }
        return THROW.equals(values.get(Setting.ON_STORE_FAILURE));
    }

    /**
     * Whether a wrong value of the policy is meant to refuse, as {@code Throw}, {@code trow} and {@code throw;ttl=1h} are. Then it must not
     * let bodies run because it is misspelt.
     */
    private static boolean isMeantToRefuse(String value) {
        return value.startsWith(THROW) || THROW.equals(NearestName.of(value, List.of(THROW, "proceed")));
    }

    /**
     * {@code name=value,name=value}, perhaps with blanks around commas and names. A comma ends a value only where {@code name=} follows it,
     * so that a URL with several hosts needs no quotes.
     */
    private void readAgentArgument(String argument) {
        Map<String, String> given = new HashMap<>();
        boolean mayBeSecret = false;
        int start = 0;
        while (start < argument.length()) {
            int end = nextSetting(argument, start);
            String part = argument.substring(start, end);
            int equals = part.indexOf('=');
            if (equals >= 0) {
                String name = part.substring(0, equals).strip();
                String value = withoutCommas(name, part.substring(equals + 1).strip());
                if (!value.isEmpty()) {
                    checkTwice(name, value, given.putIfAbsent(name, value));
                }
                put(name, value, AGENT_ARGUMENT, mayBeSecret ? UNSHOWN_IN_ARGUMENT : null);
                mayBeSecret |= mayBeSecret(name, value);
            } else if (!withoutCommas("", part.strip()).isEmpty()) {
                // The text itself is not repeated: it may be a part of a URL with a password.
                problems.add("the agent argument has a part without '=': write name=value,name=value");
            }
            start = end + 1;
        }
    }

    /** A comma behind which no setting follows is one too many; in a secret it may be meant. */
    private static String withoutCommas(String name, String value) {
        Setting setting = Setting.byKey(name);
        int end = value.length();
        while ((setting == null || setting.kind() != ValueKind.SECRET_TEXT)
                && end > 0
                && (value.charAt(end - 1) == ',' || Character.isWhitespace(value.charAt(end - 1)))) {
            end--;
        }
        return value.substring(0, end);
    }

    /** Nobody can say which of two values is meant. */
    private void checkTwice(String name, String value, @Nullable String before) {
        if (before != null && !before.equals(value)) {
            Setting setting = Setting.byKey(name.substring(name.lastIndexOf('.') + 1));
            if (setting == Setting.ON_STORE_FAILURE && isMeantToRefuse(value)) {
                values.put(Setting.ON_STORE_FAILURE, THROW);
            }
            // A name that is no setting's may be a part of a password with commas.
            problems.add((setting == null ? "a setting" : "setting '" + Printable.text(name) + "'")
                    + " stands twice in the agent argument, with two values; leave one out");
        }
    }

    /** Whether a password may go on behind the comma at which the setting was taken to end. */
    private static boolean mayBeSecret(String name, String value) {
        String nearest = nearestName(name);
        Setting setting = nearest == null ? null : Setting.byKey(nearest);
        return value.contains("://") || setting != null && setting.secret();
    }

    /** The index of the comma before the next {@code name=}, or the end. */
    private static int nextSetting(String argument, int from) {
        for (int comma = argument.indexOf(',', from); comma >= 0; comma = argument.indexOf(',', comma + 1)) {
            int name = afterBlanks(argument, comma + 1);
            int end = name;
            while (end < argument.length() && isNameCharacter(argument.charAt(end))) {
                end++;
            }
            int equals = afterBlanks(argument, end);
            if (end > name && equals < argument.length() && argument.charAt(equals) == '=') {
                return comma;
            }
        }
        return argument.length();
    }

    private static int afterBlanks(String argument, int from) {
        int i = from;
        while (i < argument.length() && Character.isWhitespace(argument.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isNameCharacter(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '$'
                || c == '*';
    }

    private void readProperties() {
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith(PROPERTY_PREFIX)) {
                put(name.substring(PROPERTY_PREFIX.length()), properties.getProperty(name), "a system property");
            }
        }
    }

    private void readEnvironment() {
        for (Map.Entry<String, String> entry : environment.entrySet()) {
            String name = entry.getKey();
            if (name.startsWith(ENVIRONMENT_PREFIX)) {
                String settingName = settingName(name.substring(ENVIRONMENT_PREFIX.length()));
                if (Setting.byKey(settingName) == null
                        && !(isMeantToRefuse(entry.getValue()) && nearestName(settingName) != null)) {
                    unknownVariables.add(unknownVariable(name, settingName));
                } else {
                    put(settingName, entry.getValue(), ENVIRONMENT);
                }
            }
        }
    }

    private static String unknownVariable(String variable, String settingName) {
        String nearest = nearestName(settingName);
        return '\'' + Printable.text(variable) + '\'' + (nearest == null ? "" : " (did you mean '" + nearest + "'?)");
    }

    private void addNotesOnEnvironment() {
        if (!unknownVariables.isEmpty()) {
            // The environment has no order of its own.
            Collections.sort(unknownVariables);
            int named = Math.min(unknownVariables.size(), MOST_NAMED_VARIABLES);
            notes.add("variables of the environment that name no setting, and are ignored: "
                    + String.join(", ", unknownVariables.subList(0, named))
                    + (named < unknownVariables.size() ? " and " + (unknownVariables.size() - named) + " more" : ""));
        }
        if (emptySecretInEnvironment
                && !values.containsKey(Setting.HASH_SECRET)
                && !values.containsKey(Setting.HASH_SECRET_FILE)) {
            notes.add("the environment variable " + Setting.HASH_SECRET.environmentVariable()
                    + " is empty and counts as not set, so hashes are made without a secret");
        }
    }

    /** {@code REDIS_URL} to {@code redis-url}, without the locale's rules for lower case. */
    private static String settingName(String environmentName) {
        char[] name = environmentName.toCharArray();
        for (int i = 0; i < name.length; i++) {
            if (name[i] >= 'A' && name[i] <= 'Z') {
                name[i] = (char) (name[i] + ('a' - 'A'));
            } else if (name[i] == '_') {
                name[i] = '-';
            }
        }
        return new String(name);
    }

    private void readFile(@Nullable String file) {
        if (file == null || file.isEmpty()) {
            return;
        }
        Properties read = new Properties();
        String text;
        try {
            byte[] bytes = SecretFile.begin(new File(file), MOST_FILE_BYTES + 1);
            if (bytes.length > MOST_FILE_BYTES) {
                throw new IOException("has more than " + MOST_FILE_BYTES + " bytes");
            }
            text = new String(bytes, StandardCharsets.UTF_8);
            if (text.startsWith(BYTE_ORDER_MARK)) {
                text = text.substring(1);
            }
            if (text.trim().isEmpty()) {
                throw new IOException("is empty");
            }
            read.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException e) {
            problems.add("setting 'config-file': the file '" + Printable.text(file) + "' "
                    + (e instanceof IOException ? e.getMessage() : "is no properties file (" + e.getMessage() + ")")
                    + "; name a readable properties file");
            return;
        }
        Map<String, SettingLine> lines = null;
        for (String name : read.stringPropertyNames()) {
            String value = read.getProperty(name);
            String unshown = null;
            if (Setting.byKey(name.substring(name.lastIndexOf('.') + 1)) == null) {
                lines = lines == null ? SettingLine.byName(text) : lines;
                unshown = unshown(name, value, lines.getOrDefault(name, SettingLine.NONE));
            }
            put(name, value, "the file '" + Printable.text(file) + "'", unshown);
        }
    }

    private static @Nullable String unshown(String name, String value, SettingLine line) {
        return line.isNameAndValue(name, value) ? null : "line " + line.number() + " is no name=value of a setting";
    }

    private void put(String name, String given, String source) {
        put(name, given, source, /* unshown= */ null);
    }

    /**
     * @param unshown what to say in place of a name that is no setting's and is near none, since it may be a part of a secret; null if it
     *        can be shown
     */
    private void put(String name, String given, String source, @Nullable String unshown) {
        String value = given.strip();
        String settingName = name;
        String scope = null;
        if (name.startsWith(SCOPE_PREFIX) && name.lastIndexOf('.') > SCOPE_PREFIX.length()) {
            scope = name.substring(SCOPE_PREFIX.length(), name.lastIndexOf('.'));
            settingName = name.substring(name.lastIndexOf('.') + 1);
        }
        String type = null;
        if (name.startsWith(TYPE_PREFIX) && name.lastIndexOf('.') > TYPE_PREFIX.length()) {
            type = name.substring(TYPE_PREFIX.length(), name.lastIndexOf('.'));
            settingName = name.substring(name.lastIndexOf('.') + 1);
        }
        Setting setting = Setting.byKey(settingName);
        if (setting == null) {
            if (isMeantToRefuse(value)) {
                // Only a policy has that value.
                values.putIfAbsent(Setting.ON_STORE_FAILURE, THROW);
            }
            String unknown = unshown == null || nearestName(settingName) != null
                    ? "unknown setting '" + Printable.text(name) + "' in " + source
                    : unshown + " in " + source;
            problems.add(unknown + suggestion(settingName)
                    + "; java -jar idempotent-trace-agent.jar settings lists those that there are");
        } else if (scope != null && !setting.perScope()) {
            problems.add("setting '" + Printable.text(name) + "' in " + source + " can't be set for one scope; set '"
                    + settingName + "' for all");
        } else if (setting.onlyPerScope() && (scope == null || scope.equals(ValueKind.SHARED))) {
            problems.add("setting '" + Printable.text(name) + "' in " + source
                    + " can only be set for one scope with records of its own; write scope.<scope>." + settingName);
        } else if (type != null && !setting.perType()) {
            problems.add("setting '" + Printable.text(name) + "' in " + source
                    + " can't be set for the objects of some classes; set '" + settingName + "' for all");
        } else if (value.isEmpty()) {
            putNothing(setting, source);
        } else if (setting.kind() == ValueKind.REDIS_URL) {
            putUrl(setting, RedisUrl.of(value), source);
        } else if (setting.kind() == ValueKind.SECRET_TEXT) {
            putSecrets(setting, value, source);
        } else if (!setting.kind().accepts(value, setting.allowed())) {
            if (setting == Setting.ON_STORE_FAILURE && isMeantToRefuse(value)) {
                values.putIfAbsent(setting, THROW);
            }
            problems.add("setting '" + Printable.text(name) + "' in " + source + " has a bad value"
                    + (setting.secret() || unshown != null && value.contains("@")
                            ? " (not shown: it may carry a password)"
                            : " '" + Printable.text(value) + "'")
                    + "; allowed is "
                    + setting.allowed() + hint(setting.kind(), value));
        } else if (scope != null || type != null) {
            String key = (scope != null ? scope : Configuration.TYPE + type) + '\0' + settingName;
            if (scopeValues.putIfAbsent(key, value) == null) {
                sources.put(key, source);
            }
        } else if (values.putIfAbsent(setting, value) == null) {
            sources.put(settingName, source);
        }
    }

    /** Without a value the setting is not set. A secret that is given and empty would make hashes plain ones, which nobody means. */
    private void putNothing(Setting setting, String source) {
        if (setting.kind() != ValueKind.SECRET_TEXT || values.containsKey(setting)) {
            return;
        }
        if (source.equals(ENVIRONMENT)) {
            emptySecretInEnvironment = true;
        } else {
            problems.add("setting '" + setting.key() + "' in " + source
                    + " is empty; give the secret, or leave the setting out if hashes are to be made without one");
        }
    }

    private void putSecrets(Setting setting, String value, String source) {
        try {
            boolean isShort = SecretEntries.isShort(SecretEntries.ofValue(value));
            if (values.putIfAbsent(setting, value) == null) {
                sources.put(setting.key(), source);
                if (isShort) {
                    notes.add(SecretEntries.shortNote(setting));
                }
            }
        } catch (IllegalArgumentException e) {
            problems.add(
                    "setting '" + setting.key() + "' in " + source + " (its value is not shown) " + e.getMessage());
        }
    }

    private void putUrl(Setting setting, RedisUrl url, String source) {
        if (url.problem() != null) {
            problems.add("setting '" + setting.key() + "' in " + source
                    + " (its value is not shown: it may carry a password) " + url.problem());
        } else if (values.putIfAbsent(setting, url.url()) == null) {
            sources.put(setting.key(), source);
            implied.putAll(url.implied());
            notes.addAll(url.notes());
        }
    }

    private static String hint(ValueKind kind, String value) {
        if (kind == ValueKind.POINTERS || kind == ValueKind.EXCLUDED_POINTERS) {
            return ": " + PointerList.problem(value, kind);
        }
        return kind == ValueKind.DURATION
                        || kind == ValueKind.DURATION_OR_OFF
                        || kind == ValueKind.SECONDS
                        || kind == ValueKind.LEASE
                        || kind == ValueKind.WAIT
                ? ", such as 500ms, 90s, 15m, 24h, 7d or PT24H, and at most " + Durations.LONGEST
                : "";
    }

    private static String suggestion(String name) {
        String nearest = nearestName(name);
        return nearest == null ? "" : "; did you mean '" + nearest + "'?";
    }

    private static @Nullable String nearestName(String name) {
        List<String> known = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            known.add(setting.key());
        }
        return NearestName.of(name, known);
    }
}

package io.idempotenttrace.config;

import java.io.IOException;
import java.io.StringReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * The line of a properties file that has a name. To Java every line is a property: {@code config-file} may name a file that holds a
 * password, and a part of the password must not be printed as the name of a setting that there is not.
 *
 * @param number from 1; 0 if no line has the name
 * @param text with the lines behind it that belong to it
 */
record SettingLine(int number, String text) {

    /** The line of a name that no line has. */
    static final SettingLine NONE = new SettingLine(0, "");

    /** The lines of a file by the names that they give; of those that give one name the last, which counts. */
    static Map<String, SettingLine> byName(String file) {
        Map<String, SettingLine> byName = new HashMap<>();
        List<String> lines = file.lines().toList();
        int end;
        for (int start = 0; start < lines.size(); start = end) {
            end = start + 1;
            while (end < lines.size() && goesOn(lines.get(end - 1))) {
                end++;
            }
            String text = String.join("\n", lines.subList(start, end));
            for (String name : names(text)) {
                byName.put(name, new SettingLine(start + 1, text));
            }
        }
        return byName;
    }

    /** Whether a person has written a name there, and a value: a key in Base64 has capitals, or nothing but = behind the first one. */
    boolean isNameAndValue(String name, String value) {
        return text.contains("=")
                && value.chars().anyMatch(c -> c != '=')
                && name.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "-._$*".indexOf(c) >= 0);
    }

    private static Set<String> names(String text) {
        Properties read = new Properties();
        try {
            read.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException e) {
            return Set.of();
        }
        return read.stringPropertyNames();
    }

    /** An odd number of backslashes at its end. A comment has no further line. */
    private static boolean goesOn(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\\') {
            end--;
        }
        String start = line.strip();
        return (line.length() - end) % 2 == 1 && !start.startsWith("#") && !start.startsWith("!");
    }
}

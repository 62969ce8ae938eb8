package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The property that counts, on classes that nobody thought of: of random fields, each with a random way to be asked for, in a class or
 * its superclass. Two objects that differ in one field hash differently, or their class is refused by the name of that field.
 */
class GeneratedBeansTest {

    private static final PayloadHasher PYTHON = new PayloadHasher(CanonicalForm.PYTHON);
    private static final int CLASSES = 80;
    private static final String[] TYPES = {
        "String", "int", "long", "boolean", "java.util.List<String>", "byte[]", "Integer"
    };

    /** How a field is shown; {@code %1$s} is its type, {@code %2$s} its name, {@code %3$s} its name after "get". */
    private enum Way {
        GETTER("public %1$s get%3$s() { return %2$s; }", true),
        OTHER_NAME("public %1$s getThe%3$s() { return this.%2$s; }", true),
        SYNCHRONIZED("public %1$s get%3$s() { synchronized (this) { return %2$s; } }", true),
        BY_ANOTHER("public %1$s get%3$s() { return %2$s(); } %1$s %2$s() { return %2$s; }", true),
        OPTIONAL("public java.util.Optional<?> getMaybe%3$s() { return java.util.Optional.ofNullable(%2$s); }", true),
        LOCAL(
                "public %1$s get%3$s() { %1$s known = %2$s; if (known == null) { throw new IllegalStateException(); } return known; }",
                true),
        NONE("", false),
        FLUENT("public %1$s %2$s() { return %2$s; }", false),
        HIDDEN("%1$s get%3$s() { return %2$s; }", false),
        TEXT_OF_TWO("public String get%3$sText() { return \"\" + %2$s + String.valueOf(%2$s).length(); }", false),
        IS_THERE("public boolean is%3$s() { return String.valueOf(%2$s) != null; }", false),
        HASHED("public int get%3$sHash() { return java.util.Objects.hashCode(%2$s); }", false),
        CONSTANT("public String get%3$sName() { return \"%2$s\"; }", false),
        ONLY_EQUALS(
                "@Override public boolean equals(Object o) { return java.util.Objects.equals(%2$s, o); }"
                        + " @Override public int hashCode() { return 1; }",
                false);

        private final String code;
        private final boolean shows;

        Way(String code, boolean shows) {
            this.code = code;
            this.shows = shows;
        }
    }

    private record Member(String type, String name, Way way) {

        String code() {
            // A comparison with null, where the type has one.
            String text = way == Way.LOCAL && !type.equals("String") ? Way.GETTER.code : way.code;
            return "  private final " + type + " " + name + ";\n  "
                    + text.formatted(type, name, Character.toUpperCase(name.charAt(0)) + name.substring(1)) + "\n";
        }
    }

    private static List<Member> members(Random random, String prefix, boolean equalsTaken) {
        List<Member> members = new ArrayList<>();
        boolean taken = equalsTaken;
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            Way way = Way.values()[random.nextInt(Way.values().length)];
            way = way == Way.ONLY_EQUALS && taken ? Way.NONE : way;
            taken |= way == Way.ONLY_EQUALS;
            String type = TYPES[random.nextInt(TYPES.length)];
            members.add(new Member(type, prefix + i, way));
        }
        return members;
    }

    private static String source(String name, List<Member> members, List<Member> inherited, String above) {
        StringBuilder parameters = new StringBuilder();
        StringBuilder handedOn = new StringBuilder();
        StringBuilder assigned = new StringBuilder();
        StringBuilder code = new StringBuilder();
        for (Member member : inherited) {
            parameters
                    .append(parameters.isEmpty() ? "" : ", ")
                    .append(member.type)
                    .append(' ')
                    .append(member.name);
            handedOn.append(handedOn.isEmpty() ? "" : ", ").append(member.name);
        }
        for (Member member : members) {
            parameters
                    .append(parameters.isEmpty() ? "" : ", ")
                    .append(member.type)
                    .append(' ')
                    .append(member.name);
            assigned.append("    this.")
                    .append(member.name)
                    .append(" = ")
                    .append(member.name)
                    .append(";\n");
            code.append(member.code());
        }
        return "public class " + name + (above == null ? "" : " extends " + above) + " {\n  public " + name + "("
                + parameters + ") {\n" + (above == null ? "" : "    super(" + handedOn + ");\n") + assigned + "  }\n"
                + code + "}\n";
    }

    private static Object value(String type, int variant) {
        return switch (type) {
            case "String" -> "text" + variant;
            case "int", "Integer" -> 1 + variant;
            case "long" -> 1L + variant;
            case "boolean" -> variant == 0;
            case "byte[]" -> new byte[] {(byte) (1 + variant)};
            default -> List.of("element" + variant);
        };
    }

    @Test
    void unequalObjectsNeverHashAlikeUnlessTheirClassIsRefused(@TempDir Path folder) throws Exception {
        Random random = new Random(20);
        List<List<Member>> all = new ArrayList<>();
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", folder.toString()));
        for (int i = 0; i < CLASSES; i++) {
            List<Member> above = members(random, "a", false);
            List<Member> below = members(random, "b", above.stream().anyMatch(member -> member.way == Way.ONLY_EQUALS));
            arguments.add(write(folder, "Above" + i, source("Above" + i, above, List.of(), null)));
            arguments.add(write(folder, "Bean" + i, source("Bean" + i, below, above, "Above" + i)));
            List<Member> both = new ArrayList<>(above);
            both.addAll(below);
            all.add(both);
        }
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0])));
        int refused = 0;
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
            for (int i = 0; i < CLASSES; i++) {
                refused += check(loader.loadClass("Bean" + i), all.get(i)) ? 1 : 0;
            }
        }
        // Both ends happen, so neither is checked in vain.
        assertTrue(refused > CLASSES / 4 && refused < CLASSES, refused + " refused");
    }

    private static String write(Path folder, String name, String source) throws Exception {
        return Files.writeString(folder.resolve(name + ".java"), source).toString();
    }

    /** @return whether the class is refused */
    private static boolean check(Class<?> type, List<Member> members) throws Exception {
        Constructor<?> constructor = type.getConstructors()[0];
        Object[] values = new Object[members.size()];
        boolean shown = true;
        for (int i = 0; i < values.length; i++) {
            values[i] = value(members.get(i).type, 0);
            shown &= members.get(i).way.shows;
        }
        if (!shown) {
            UnhashableException refusal = assertThrows(
                    UnhashableException.class,
                    () -> PYTHON.hash(constructor.newInstance(values), Exclusions.NONE),
                    () -> type + " " + members);
            for (Member member : members) {
                boolean named = refusal.getMessage().contains("field '" + member.name + "'");
                boolean more = refusal.getMessage().contains(" more are held");
                assertTrue(member.way.shows ? !named : named || more, refusal.getMessage() + members);
            }
            return true;
        }
        String hash = PYTHON.hash(constructor.newInstance(values), Exclusions.NONE);
        assertEquals(hash, PYTHON.hash(constructor.newInstance(values.clone()), Exclusions.NONE));
        for (int i = 0; i < values.length; i++) {
            Object[] other = values.clone();
            other[i] = value(members.get(i).type, 1);
            assertNotEquals(
                    hash, PYTHON.hash(constructor.newInstance(other), Exclusions.NONE), members.get(i) + " of " + type);
        }
        return false;
    }
}

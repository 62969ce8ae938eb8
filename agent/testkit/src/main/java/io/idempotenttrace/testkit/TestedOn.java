package io.idempotenttrace.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Notes which JDKs and servers the tests of a module ran on, for the README's table: a line each in {@code target/tested-on.txt}. */
final class TestedOn {

    private static final Path FILE = Path.of("target", "tested-on.txt");
    private static final Set<String> NOTED = ConcurrentHashMap.newKeySet();

    private TestedOn() {}

    static void jdk(String version) {
        note("JDK " + version);
    }

    /**
     * A server that has started.
     *
     * @param info its INFO, of the section {@code server}
     * @param command what it was started with
     */
    static void server(String info, Iterable<String> command) {
        String valkey = value(info, "valkey_version");
        String form = "standalone";
        for (String argument : command) {
            form = argument.equals("--sentinel") ? "Sentinel" : argument.equals("--cluster-enabled") ? "Cluster" : form;
        }
        note((valkey.isEmpty() ? "Redis " + value(info, "redis_version") : "Valkey " + valkey) + " " + form);
    }

    private static String value(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .findFirst()
                .map(line -> line.substring(name.length() + 1))
                .orElse("");
    }

    private static synchronized void note(String line) {
        if (NOTED.add(line) && Files.isDirectory(FILE.getParent())) {
            try {
                Files.writeString(FILE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

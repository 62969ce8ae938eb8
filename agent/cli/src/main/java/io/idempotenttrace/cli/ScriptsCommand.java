package io.idempotenttrace.cli;

import io.idempotenttrace.core.spec.Specification;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Hands out the scripts that decide in Redis, and the page that specifies the record, for clients in other languages. */
@Command(
        name = "scripts",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the Lua scripts that the agent runs in Redis, for clients in other languages.",
            "With --out it writes them as files, each ready to be loaded, and beside them RECORD.md, which specifies the"
                    + " record, and conformance.jsonl, the cases that a client has to pass."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:everything was printed or written",
            "1:a file can't be written; stderr names it",
            "2:wrong option"
        })
final class ScriptsCommand implements Callable<Integer> {

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "write files into this folder, which is created if it is missing")
    private @Nullable String folder;

    private final PrintStream out;
    private final PrintStream err;

    ScriptsCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        if (folder != null) {
            return write(folder);
        }
        // A line of Lua's own, so that what is printed can be cut at it and each part is still a script.
        Specification.scripts().forEach((name, text) -> {
            out.println("-- ==== " + name);
            out.print(text.endsWith("\n") ? text : text + "\n");
        });
        out.flush();
        return 0;
    }

    private int write(String into) {
        Map<String, String> files = new LinkedHashMap<>(Specification.scripts());
        files.putAll(Specification.documents());
        try {
            Path directory = Files.createDirectories(Path.of(into));
            for (Map.Entry<String, String> file : files.entrySet()) {
                // As bytes: an end of line of this machine's own would give the script another SHA-1.
                Files.write(directory.resolve(file.getKey()), file.getValue().getBytes(StandardCharsets.UTF_8));
            }
            return 0;
        } catch (IOException | InvalidPathException e) {
            err.println("idempotent-trace: --out '" + into + "' can't be written ("
                    + e.getClass().getSimpleName() + ": " + e.getMessage() + ")");
            return 1;
        }
    }
}

package io.idempotenttrace.cli;

import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.HashSecrets;
import io.idempotenttrace.core.canonical.JsonReader;
import io.idempotenttrace.core.canonical.JsonReader.MalformedJsonException;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.canonical.UnhashableException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the hash, or the canonical JSON, of JSON documents: to compare with what another worker wrote. */
@Command(
        name = "hash",
        mixinStandardHelpOptions = true,
        description = "Prints the SHA-256 of a JSON document's canonical form, as the agent hashes an equal payload.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:every document was hashed",
            "1:a document is bad; stderr says file, line and column",
            "2:wrong use: an option or a file"
        })
final class HashCommand implements Callable<Integer> {

    @Option(
            names = "--form",
            paramLabel = "python|python-str|python-unicode|jcs",
            defaultValue = "python",
            description = "the canonical form (default ${DEFAULT-VALUE})")
    private String form;

    @Option(names = "--canonical", description = "print the canonical JSON in place of its hash")
    private boolean canonical;

    @Option(
            names = "--lines",
            description = "each line is a document; bad lines are marked on stderr, the others are answered; an empty"
                    + " line is no document, and so a bad one")
    private boolean lines;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            defaultValue = "-",
            description = "a UTF-8 file; - or none: standard input")
    private String file;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private CanonicalForm canonicalForm;
    private PayloadHasher hasher;

    @SuppressWarnings("NullAway") // picocli sets the options before it calls call(), and that sets the rest.
    HashCommand(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        try {
            canonicalForm = CanonicalForm.of(form);
            hasher = new PayloadHasher(
                    canonicalForm, PayloadHasher.DEFAULT_MAX_DEPTH, Integer.MAX_VALUE, HashSecrets.NONE);
        } catch (IllegalArgumentException e) {
            err.println("idempotent-trace: --form '" + form + "' is unknown; allowed is " + CanonicalForm.allowed());
            return 2;
        }
        String name = file.equals("-") ? "standard input" : file;
        try (InputStream source = file.equals("-") ? in : Files.newInputStream(Path.of(file))) {
            boolean good =
                    lines ? hashLines(new BufferedInputStream(source), name) : answer(source.readAllBytes(), name, 1);
            out.flush();
            return good ? 0 : 1;
        } catch (IOException | InvalidPathException e) {
            err.println("idempotent-trace: " + (file.equals("-") ? name : "the file '" + Printable.text(name) + "'")
                    + " can't be read (" + e.getClass().getSimpleName() + "); name a readable file");
            return 2;
        }
    }

    private boolean hashLines(InputStream source, String name) throws IOException {
        boolean good = true;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int number = 1;
        int next = source.read();
        while (next >= 0) {
            line.reset();
            for (; next >= 0 && next != '\n'; next = source.read()) {
                line.write(next);
            }
            good &= answer(line.toByteArray(), name, number++);
            next = next < 0 ? next : source.read();
        }
        return good;
    }

    /** @param firstLine the number of the document's first line in its file */
    private boolean answer(byte[] document, String name, int firstLine) throws IOException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(document))
                    .toString();
        } catch (CharacterCodingException e) {
            return notUtf8(document, name, firstLine);
        }
        try {
            Object value = JsonReader.read(text, canonicalForm);
            if (canonical) {
                out.write(hasher.canonical(value, Exclusions.NONE));
                out.println();
            } else {
                out.println(hasher.hash(value, Exclusions.NONE));
            }
            return true;
        } catch (MalformedJsonException e) {
            return bad(name, firstLine + e.line() - 1, e.column(), e.getMessage());
        } catch (UnhashableException e) {
            return bad(name, firstLine, 1, e.getMessage());
        }
    }

    private boolean notUtf8(byte[] document, String name, int firstLine) {
        CharBuffer good = CharBuffer.allocate(document.length + 1);
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document), good, true);
        String before = good.flip().toString();
        int lineStart = before.lastIndexOf('\n') + 1;
        int line = firstLine + (int) before.chars().filter(c -> c == '\n').count();
        return bad(name, line, before.codePointCount(lineStart, before.length()) + 1, "a byte that is not UTF-8");
    }

    private boolean bad(String name, int line, int column, @Nullable String reason) {
        err.println("idempotent-trace: " + name + ", line " + line + ", column " + column + ": " + reason);
        return false;
    }
}

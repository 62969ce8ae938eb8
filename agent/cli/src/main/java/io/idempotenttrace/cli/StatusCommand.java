package io.idempotenttrace.cli;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.canonical.JsonReader.MalformedJsonException;
import io.idempotenttrace.core.canonical.UnhashableException;
import io.idempotenttrace.core.open.OfferedPayload;
import io.idempotenttrace.core.operate.OperatedStore;
import io.idempotenttrace.core.operate.RecordLook;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what stands in the record of a key, and what a delivery would get now. Claims nothing and changes nothing. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Tells who holds a key, and what a new delivery of it would get. Changes nothing.",
            "Who names neither --scope nor --shared gets the shared record, else that of the one scope that has the key,"
                    + " which is looked for by SCAN.",
            "",
            "With --json one object {found, verdict, status, tenant, scope, key, hash, form, traceId, holder, attempt,"
                    + " createdAt, leaseMillisLeft, ttlSeconds, resultBytes, error}; what does not apply is null. verdict is new,"
                    + " duplicate, in-progress or conflict, and null where a claim would be refused; scope is null for a shared"
                    + " key; createdAt is when the key was first claimed, ISO-8601 in UTC, by the clock of Redis; resultBytes are"
                    + " those of the stored result. With --payload there is also differingMembers, a list."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:there is a record",
            "1:there is none",
            "2:wrong use: an option, a setting or a file",
            "3:the store can't be reached"
        })
final class StatusCommand extends RecordCommand {

    @Parameters(paramLabel = "KEY", description = "the idempotency key, as it stands in the record's name")
    private String key;

    @Option(
            names = "--payload",
            paramLabel = "FILE",
            description =
                    "tell what this payload would get, and which members differ: a JSON document of what is hashed; -: standard"
                            + " input. Settings such as hash-secret, exclude and null-members count, annotations are not known")
    private @Nullable String payloadFile;

    private final InputStream in;

    @SuppressWarnings("NullAway") // picocli sets the key before it calls call().
    StatusCommand(Terminal terminal, InputStream in) {
        super(terminal);
        this.in = in;
    }

    @Override
    void check(Configuration configuration) {
        KeyTarget.check(key);
    }

    @Override
    int run(OperatedStore store, Configuration configuration) {
        String json = payloadFile == null ? null : read(payloadFile);
        KeyTarget target = KeyTarget.find(key, options, configuration, store, terminal);
        RecordLook look = target.look();
        RecordId id = target.id();
        // Where no record is found, too: whoever gives a payload hears whether it has a hash.
        OfferedPayload payload = json == null || payloadFile == null
                ? null
                : payload(configuration, settingScope(id, configuration), json, nameOf(payloadFile));
        if (look == null || id == null) {
            absent(target);
            return NOT_FOUND;
        }
        Verdict verdict = look.verdict();
        List<String> differing = List.of();
        if (payload != null && verdict != null && !payload.isThatOf(look.form(), look.hash())) {
            verdict = Verdict.CONFLICT;
            differing = payload.differing(id, look.form(), look.members());
        }
        if (options.json()) {
            JsonLine line = RecordText.json(look, verdict);
            terminal.print((payload == null ? line : line.with("differingMembers", differing)).toString());
        } else {
            new StatusText(terminal, look, store.nameOf(id)).print(verdict, payload, differing);
        }
        return OK;
    }

    private void absent(KeyTarget target) {
        RecordId id = target.id();
        String scope = id == null ? null : id.scope();
        if (options.json()) {
            terminal.print(RecordText.absent(target.tenant(), scope, key).toString());
        } else {
            String where = id != null && scope != null
                    ? ", scope '" + Printable.text(scope) + "'"
                    : id != null ? ", shared" : ", neither shared nor in a scope";
            terminal.print(
                    "no record of key '" + Printable.text(key) + "' of tenant '" + Printable.text(target.tenant()) + "'"
                            + where + ": a delivery would be new" + target.elsewhereText());
        }
    }

    /** The scope whose settings count: the one that was named, or that of the record which was found. */
    private @Nullable String settingScope(@Nullable RecordId id, Configuration configuration) {
        String named = options.scope();
        String recorded = id == null ? null : id.scope();
        return named != null || recorded == null ? named : configuration.settingScope(recorded);
    }

    private static String nameOf(String file) {
        return file.equals("-") ? "standard input" : "the file '" + Printable.text(file) + "'";
    }

    private String read(String file) {
        try (InputStream source = file.equals("-") ? in : Files.newInputStream(Path.of(file))) {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(source.readAllBytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new WrongUseException(
                    "--payload: " + nameOf(file) + " is not UTF-8; give one JSON document in UTF-8");
        } catch (IOException | InvalidPathException e) {
            throw new WrongUseException("--payload: " + nameOf(file) + " can't be read ("
                    + e.getClass().getSimpleName() + "); name a readable file");
        }
    }

    private static OfferedPayload payload(
            Configuration configuration, @Nullable String scope, String json, String name) {
        try {
            OfferedPayload payload = new OfferedPayload(configuration, scope, json);
            payload.hash();
            return payload;
        } catch (MalformedJsonException e) {
            throw new WrongUseException("--payload: " + name + ", line " + e.line() + ", column " + e.column() + ": "
                    + e.getMessage() + "; give one JSON document");
        } catch (UnhashableException e) {
            throw new WrongUseException("--payload: " + name + " has no hash: " + e.getMessage());
        }
    }
}

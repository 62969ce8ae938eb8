package io.idempotenttrace.chaos.mutants;

import io.idempotenttrace.chaos.WrongArgumentException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * The planted bugs. Their names are those of PROPERTIES.md in the folder {@code spec} of the module {@code core}, as are the numbers of the
 * properties that they violate.
 */
public enum Mutant {
    CLAIM_IGNORES_PAYLOAD(
            "P8 P10",
            "a claim does not compare the hash",
            script(
                    "claim.lua",
                    "elseif r_hash ~= hash or (record[5] or 'python') ~= (form or 'python') then",
                    "elseif false then")),
    TAKEOVER_OF_A_LIVE_LEASE(
            "P2 P6",
            "a claim takes over a lease that runs",
            script("claim.lua", "if ends > millis then", "if false then")),
    NO_TAKEOVER(
            "P5 P32",
            "a lease that is over is never taken over",
            script("claim.lua", "if ends > millis then", "ends = math.max(ends, millis + 1)\n    if true then")),
    COMPLETE_IGNORES_OWNER(
            "P14",
            "any call completes any record",
            script("complete.lua", "if r_owner ~= owner then", "if false then")),
    FAIL_IGNORES_OWNER(
            "P15", "any call fails any record", script("fail.lua", "if r_owner ~= owner or status", "if status")),
    RENEW_IGNORES_OWNER(
            "P16", "any call renews any lease", script("renew.lua", "if r_owner ~= owner or length", "if length")),
    CLAIM_COMPLETES(
            "P1",
            "the claim writes completed at once, so that a crash loses the body",
            script(
                    "claim.lua",
                    "'created_at', created_at, 'status', 'pending'",
                    "'created_at', created_at, 'status', 'completed'")),
    FAILED_COUNTS_AS_DONE(
            "P4",
            "a failed record answers duplicate",
            script("fail.lua", "'status', 'failed'", "'status', 'completed'")),
    RESEND_IS_A_STRANGER(
            "P2 P18",
            "the same owner's repeated claim is answered in-progress",
            script("claim.lua", "elseif owner and r_owner == owner then", "elseif false then")),
    FENCE_STANDS_STILL(
            "P12 P13",
            "a takeover raises neither the attempt nor the fence",
            script("claim.lua", "math.max(1, number(r_attempt)) + 1 or 1)", "math.max(1, number(r_attempt)) or 1)"),
            script(
                    "claim.lua",
                    "  if r_fence >= fence then",
                    "  if r_fence > 0 then\n    seconds, micros = r_seconds, r_micros\n    if owner then deadline ="
                            + " string.format('%.0f', millis + lease) end\n  elseif r_fence >= fence then")),
    SHORT_MEMORY(
            "P3 P20",
            "a completed record lives only as long as the lease",
            script(
                    "complete.lua",
                    "call('EXPIRE', key, ttl)",
                    "call('PEXPIRE', key, string.match(claim or '', '^%d* (%d+) ') or '1000')")),
    TRUSTS_THE_CLOCK(
            "P24 P32",
            "a clock of Redis that is set back moves the end of a lease",
            script("claim.lua", "ends = math.min(ends, millis + longest)", "")),
    NO_RENEWAL(
            "P2 P7",
            "the lease of a running body is not renewed",
            method("guard.LeaseRenewal", "renewIfDue", Mutant::returns)),
    FORGETS_COMPLETIONS(
            "P3 P23",
            "a completion that the store did not answer is not sent again",
            method("guard.PendingUpdates", "retryAll", code -> {
                code.visitLdcInsn(Long.MAX_VALUE);
                code.visitInsn(Opcodes.LRETURN);
            })),
    OPEN_WHEN_CLOSED(
            "P26",
            "on-store-failure=throw runs the body while the store can't be reached",
            method("guard.Answers", "withoutStore", code -> {
                code.visitVarInsn(Opcodes.ALOAD, 0);
                code.visitMethodInsn(
                        Opcodes.INVOKEVIRTUAL,
                        "io/idempotenttrace/core/guard/Answers",
                        "unguarded",
                        "()Lio/idempotenttrace/core/guard/Admission;",
                        /* isInterface= */ false);
                code.visitInsn(Opcodes.ARETURN);
            })),
    WAITS_FOR_EVER(
            "P30",
            "a waiting call is neither woken nor asks again",
            method("guard.Admittance", "isWorthAsking", code -> {
                code.visitVarInsn(Opcodes.ALOAD, 0);
                code.visitTypeInsn(Opcodes.NEW, "java/util/concurrent/CompletableFuture");
                code.visitInsn(Opcodes.DUP);
                code.visitMethodInsn(
                        Opcodes.INVOKESPECIAL,
                        "java/util/concurrent/CompletableFuture",
                        "<init>",
                        "()V",
                        /* isInterface= */ false);
                code.visitLdcInsn(Long.MAX_VALUE);
                code.visitMethodInsn(
                        Opcodes.INVOKEVIRTUAL,
                        "io/idempotenttrace/core/guard/Admittance",
                        "waitFor",
                        "(Ljava/util/concurrent/CompletableFuture;J)V",
                        /* isInterface= */ false);
                code.visitInsn(Opcodes.ICONST_0);
                code.visitInsn(Opcodes.IRETURN);
            })),
    BREAKER_NEVER_CLOSES(
            "P31",
            "calls are not sent to a store that answers again",
            method("guard.StoreBreaker", "isAnswered", Mutant::returnsFalse)),
    FOREIGN_RESULT(
            "P11",
            "a duplicate is answered with another record's trace id",
            script(
                    "claim.lua",
                    "return { 'duplicate', r_hash, r_trace_id, 'completed', result, owner }",
                    "return { 'duplicate', r_hash, 'the-trace-id-of-another', 'completed', result, owner }")),
    EVERYTHING_CONFLICTS(
            "P9",
            "a claim finds another payload where it is the same",
            script("claim.lua", "elseif r_hash ~= hash or (record[5]", "elseif true or (record[5]")),
    GIVE_BACK_IGNORES_OWNER(
            "P17",
            "any call deletes any pending record",
            script("delete.lua", "(owner ~= ARGV[1] or known[2] ~= 'pending'", "(known[2] ~= 'pending'")),
    COMPLETE_ONLY_ONCE(
            "P19",
            "a repeated completion is refused",
            script("complete.lua", "again = claim == owner\n", "if claim == owner then return 'refused' end\n")),
    REMEMBERS_NOTHING(
            "P28",
            "a process does not know in an outage what it has completed and what it runs",
            method("guard.GuardedStore", "ownAnswer", Mutant::returnsNull)),
    FORGETS_WHO_HOLDS(
            "P29",
            "a call that waits for another process runs its body when the store goes away",
            method("guard.Admittance", "askOrHold", code -> {
                String admittance = "io/idempotenttrace/core/guard/Admittance";
                String ifAway = "Lio/idempotenttrace/core/guard/GuardedStore$IfAway;";
                code.visitVarInsn(Opcodes.ALOAD, 0);
                code.visitVarInsn(Opcodes.ILOAD, 1);
                code.visitVarInsn(Opcodes.ALOAD, 0);
                code.visitMethodInsn(
                        Opcodes.INVOKEVIRTUAL, admittance, "ifAway", "()" + ifAway, /* isInterface= */ false);
                code.visitMethodInsn(
                        Opcodes.INVOKEVIRTUAL,
                        admittance,
                        "ask",
                        "(Z" + ifAway + ")Lio/idempotenttrace/core/store/ClaimResult;",
                        /* isInterface= */ false);
                code.visitInsn(Opcodes.ARETURN);
            })),
    BELIEVES_THE_STORE_ALONE(
            "P39",
            "a grant stands though the own process has run the body",
            method("guard.GuardedStore", "knownHere", Mutant::returnsNull)),
    CLAIMS_OVERTAKE(
            "P42",
            "a claim is sent before a completion of the same process that waits for others",
            method("guard.PendingUpdates", "sendBeforeClaim", Mutant::returns)),
    COUNTS_NOTHING_UNGUARDED(
            "P27",
            "bodies that run without a claim are not counted",
            method("guard.CallCounters", "countUnguarded", Mutant::returns)),
    COMPLETE_NEEDS_A_RECORD(
            "P22",
            "a completion whose record is lost is not written",
            script(
                    "complete.lua",
                    "    call('DEL', key)\n    local time",
                    "    if true then return 'gone' end\n    local time")),
    BELIEVES_LATE_ANSWERS(
            "P2 P34",
            "a claim's answer counts, however late it comes",
            method("guard.Admittance", "isAnsweredTooLate", Mutant::returnsFalse)),
    FAILS_A_CALL_THAT_WAITS(
            "P2",
            "a lost answer to a claim fails the claim, though its call waits on and claims again",
            method("guard.GuardedStore$IfAway", "endsTheCall", code -> {
                // True for the second, REFUSE, and the third, WAIT.
                code.visitVarInsn(Opcodes.ALOAD, 0);
                code.visitMethodInsn(
                        Opcodes.INVOKEVIRTUAL, "java/lang/Enum", "ordinal", "()I", /* isInterface= */ false);
                code.visitInsn(Opcodes.ICONST_1);
                code.visitInsn(Opcodes.IADD);
                code.visitInsn(Opcodes.ICONST_1);
                code.visitInsn(Opcodes.ISHR);
                code.visitInsn(Opcodes.IRETURN);
            })),
    CLAIMS_WHILE_GIVING_BACK(
            "P2 P7",
            "a call claims again while a former grant of its claim is still to be given back",
            method("guard.PendingUpdates", "isGivingBack", Mutant::returnsFalse)),
    TAKES_ANY_REPLY(
            "P33",
            "the name of the call in a reply is not compared",
            method("store.redis.LuaScript", "isReplyTo", code -> {
                code.visitVarInsn(Opcodes.ALOAD, 0);
                code.visitVarInsn(Opcodes.ALOAD, 2);
                code.visitInsn(Opcodes.ARRAYLENGTH);
                code.visitVarInsn(Opcodes.ALOAD, 3);
                code.visitMethodInsn(
                        Opcodes.INVOKESTATIC,
                        "io/idempotenttrace/core/store/redis/ReplyShape",
                        "isOf",
                        "(Lio/idempotenttrace/core/store/redis/LuaScript;ILjava/util/List;)Z",
                        /* isInterface= */ false);
                code.visitInsn(Opcodes.IRETURN);
            })),
    ONE_ANSWER_FOR_ALL(
            "P40",
            "completions that are sent together all get the first one's answer",
            script(
                    "complete.lua",
                    "if reply then reply[i] = done end",
                    "if reply then reply[i] = reply[1] or done end")),
    IGNORES_THE_VERSION(
            "P38",
            "a record of a newer version is treated as one's own",
            script("claim.lua", "if status ~= 'completed' and (record[7] or VERSION) ~= VERSION then", "if false then"),
            script("complete.lua", "if (record[2] or VERSION) ~= VERSION then", "if false then"),
            script("fail.lua", " or (version or VERSION) ~= VERSION then", " then"),
            script("renew.lua", " or (version or VERSION) ~= VERSION then", " then"),
            script("delete.lua", " or (known[3] or VERSION) ~= VERSION)", ")")),
    FOLLOWS_NOBODY(
            "P41",
            "calls of one process with one key do not wait for each other",
            method("guard.Admittance", "meet", code -> {
                String admittance = "io/idempotenttrace/core/guard/Admittance";
                String step = "L" + admittance + "$Step;";
                code.visitVarInsn(Opcodes.ALOAD, 0);
                code.visitFieldInsn(Opcodes.GETSTATIC, admittance + "$Step", "ASK", step);
                code.visitFieldInsn(Opcodes.PUTFIELD, admittance, "step", step);
                code.visitInsn(Opcodes.RETURN);
            })),
    LOSES_SILENTLY(
            "P3 P43",
            "a completion that is given up is neither counted nor said",
            method(
                    "guard.PendingUpdates",
                    "lost(Lio/idempotenttrace/core/guard/PendingUpdate;Ljava/lang/String;)V",
                    Mutant::returns)),
    FAIL_UNDOES_COMPLETION(
            "P21",
            "an owner's late failure changes its completed record",
            script(
                    "fail.lua",
                    "if r_owner ~= owner or status == 'completed' or length == '0' or",
                    "if r_owner ~= owner or")),
    FAILED_STAYS_IN_PLACE(
            "P35",
            "a shared record that fails is not moved to its note",
            script(
                    "fail.lua",
                    "if note and place == key and not redis.pcall('RENAME', key, note).err then place = note end",
                    "")),
    PENDING_OUTLIVES_ITS_LEASE(
            "P36",
            "a shared pending record lives for its whole TTL",
            script(
                    "claim.lua",
                    "    call('PEXPIRE', key, length)\n    return 'new ' .. claim",
                    "    call('EXPIRE', key, ttl)\n    return 'new ' .. claim"),
            script("renew.lua", "if KEYS[2] and status ~= 'completed' or call('PTTL'", "if call('PTTL'")),
    BELIEVES_A_STRANGERS_FAILURE(
            "P3 P37",
            "a failure that a worker with five fields writes to another's record counts",
            script("claim.lua", "if status == 'failed' and note and at == key then", "if false then"),
            script("claim.lua", "local wrongly_failed = status == 'failed' and", "local wrongly_failed = false and")),
    ONE_NAME_FOR_TWO(
            "P44",
            "the record's name leaves out the tenant and the scope",
            method("store.RecordId", "appendName", code -> {
                String builder = "java/lang/StringBuilder";
                String append = "(Ljava/lang/String;)L" + builder + ";";
                code.visitVarInsn(Opcodes.ALOAD, 1);
                code.visitLdcInsn("all:");
                code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, builder, "append", append, /* isInterface= */ false);
                code.visitVarInsn(Opcodes.ALOAD, 0);
                code.visitFieldInsn(
                        Opcodes.GETFIELD, "io/idempotenttrace/core/store/RecordId", "key", "Ljava/lang/String;");
                code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, builder, "append", append, /* isInterface= */ false);
                code.visitMethodInsn(
                        Opcodes.INVOKEVIRTUAL, builder, "toString", "()Ljava/lang/String;", /* isInterface= */ false);
                code.visitInsn(Opcodes.ARETURN);
            }));

    private final String properties;
    private final String meaning;
    private final List<Edit> edits;

    Mutant(String properties, String meaning, Edit... edits) {
        this.properties = properties;
        this.meaning = meaning;
        this.edits = List.of(edits);
    }

    private static Edit script(String name, String from, String to) {
        return new Edit.OfScript(name, from, to);
    }

    private static void returns(MethodVisitor code) {
        code.visitInsn(Opcodes.RETURN);
    }

    private static void returnsFalse(MethodVisitor code) {
        code.visitInsn(Opcodes.ICONST_0);
        code.visitInsn(Opcodes.IRETURN);
    }

    private static void returnsNull(MethodVisitor code) {
        code.visitInsn(Opcodes.ACONST_NULL);
        code.visitInsn(Opcodes.ARETURN);
    }

    private static Edit method(String type, String method, Consumer<MethodVisitor> body) {
        return new Edit.OfMethod("io.idempotenttrace.core." + type, method, body);
    }

    /** The mutant of that name, as {@link #title} gives it. */
    public static Mutant named(String name) {
        for (Mutant mutant : values()) {
            if (mutant.title().equals(name)) {
                return mutant;
            }
        }
        throw new WrongArgumentException("there is no mutant '" + name + "'; give one of "
                + Arrays.stream(values()).map(Mutant::title).collect(Collectors.joining(", ")));
    }

    /** Its name, such as {@code no-takeover}. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The numbers of the properties that it violates. */
    public String properties() {
        return properties;
    }

    /** What it changes, for people. */
    public String meaning() {
        return meaning;
    }

    /** The files of the engine that it changes, such as {@code io/idempotenttrace/core/guard/Answers.class}. */
    public Set<String> files() {
        return edits.stream().map(Edit::file).collect(Collectors.toSet());
    }

    /**
     * A script as it is with the bug.
     *
     * @param name such as {@code claim.lua}
     * @param text what the script says, at least where the bug is
     * @return the same text if the mutant leaves that script as it is
     * @throws IllegalStateException if the mutant finds nothing to change
     */
    public String script(String name, String text) {
        String changed = text;
        for (Edit edit : edits) {
            if (edit instanceof Edit.OfScript ofScript && ofScript.script().equals(name)) {
                changed = ofScript.apply(changed);
            }
        }
        return changed;
    }

    /**
     * A class file as it is with the bug.
     *
     * @param className such as {@code io.idempotenttrace.core.guard.Answers}
     * @return the same bytes if the mutant leaves that class as it is
     * @throws IllegalStateException if the mutant finds nothing to change
     */
    public byte[] classFile(String className, byte[] bytes) {
        return file(className.replace('.', '/') + ".class", bytes);
    }

    /** A file of the engine as it is with the bug. */
    byte[] file(String name, byte[] content) {
        byte[] changed = content;
        for (Edit edit : edits) {
            if (edit.file().equals(name)) {
                changed = edit.apply(changed);
            }
        }
        return changed;
    }
}

package io.idempotenttrace.chaos.simulation;

import io.idempotenttrace.chaos.simulation.KeyState.Body;
import io.idempotenttrace.chaos.simulation.KeyState.Grant;
import io.idempotenttrace.chaos.simulation.KeyState.Told;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;

/**
 * Knows what each call was told, which bodies ran to their end, and what Redis granted, and compares them with what README promises.
 *
 * <p>A further body of a key needs an excuse. It is never that a fault was near: it is what the call itself was told, that its process is
 * gone, that Redis lost this very record, or that the lease ended while its process had no stretch of health that was long enough to renew
 * it.
 */
final class Oracle {

    /** How a record was before a script. */
    /** @param newer the whole record, where a newer version wrote it; else null */
    private record Before(String hash, String status, String claim, SimRedis.Value newer) {

        static Before of(SimRedis redis, LuaString key, LuaString note) {
            SimRedis.Value value = redis.value(key);
            if (note != null && (value == null || value.text("hash").isEmpty())) {
                value = redis.value(note);
            }
            return value == null
                    ? new Before("", "", "", null)
                    : new Before(
                            value.text("hash"),
                            value.text("status"),
                            value.text("claim"),
                            value.text("v").isEmpty() ? null : value.copy());
        }

        /** Attempt, length, seconds, micros, deadline, waiting, owner. */
        String[] parts() {
            String[] parts = claim.split(" ", 7);
            return parts.length == 7 ? parts : new String[] {"", "", "", "", "", "", claim};
        }

        String owner() {
            return parts()[6];
        }

        long fence() {
            return number(parts()[2]) * 1_000_000 + number(parts()[3]);
        }
    }

    /** An answer may be under way for that long when the lease that it is about ends. */
    private static final long SLACK_NANOS = 5_000_000;

    /** Longer than the steps between two moments of one call take, if its process is well. */
    private static final long STEPS_NANOS = 50_000_000;

    private static final String WAITS = "-waits";

    private final World world;
    private final Map<String, KeyState> keys = new HashMap<>();
    private final Map<String, Grant> grants = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();
    private final Map<SimThread, Body> bodyOn = new HashMap<>();
    private long clockSetBackAt = -1;
    private long clockSetForwardAt = -1;
    int duplicates;

    Oracle(World world) {
        this.world = world;
    }

    List<Violation> violations() {
        return violations;
    }

    void violated(Property property, String number, String what) {
        if (violations.isEmpty()) {
            world.story.tell("oracle", "[" + number + "] " + what);
        }
        violations.add(new Violation(property, number, what));
    }

    /** @param record its name in Redis */
    void know(KeyState key, String record) {
        keys.put(record, key);
        keys.put(note(record), key);
    }

    /** The name of a record's failed note. */
    static String note(String record) {
        return "idem:%failed:{" + record + "}";
    }

    private static long number(String text) {
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    private long now() {
        return world.scheduler.now();
    }

    // What happens to Redis.

    void lost(LuaString key) {
        KeyState state = keys.get(key.tojstring());
        if (state != null) {
            state.lostAt = now();
            if (state.grant != null) {
                state.grant.over = true;
            }
            world.story.tell("redis", "loses what it knows of " + state.name);
        }
    }

    void clockSet(long byMillis) {
        if (byMillis < 0) {
            clockSetBackAt = now();
        } else {
            clockSetForwardAt = now();
        }
    }

    // What scripts are sent, do and answer.

    /** For the claims of a call that begins now. @param waits whether it waits for others of its key */
    String traceIdOfCall(boolean waits) {
        return "began-" + now() + (waits ? WAITS : "");
    }

    /** When the call began whose claim that is; 0 where it does not say. */
    private static long began(ScriptRun claim) {
        String traceId = claim.text(3).replace(WAITS, "");
        return traceId.startsWith("began-") ? number(traceId.substring("began-".length())) : 0;
    }

    void sent(ScriptRun run) {
        if (run.kind == ScriptRun.Kind.COMPLETE) {
            for (int i = 0; i < run.records(); i++) {
                completionSent(
                        run.process, keys.get(run.keys.get(i * run.keysOfEach()).tojstring()));
            }
        }
        KeyState key =
                run.kind == ScriptRun.Kind.CLAIM ? keys.get(run.keys.get(0).tojstring()) : null;
        if (key == null || run.process.hadError || !run.process.claimsSent.add(run.owner(0))) {
            // A claim that is sent again began before.
            return;
        }
        followed(run, key);
        // One that had to wait for the connection is sent by the client; what came after it is sent after it.
        boolean sentAtOnce = world.scheduler.current() != null;
        for (Body body : key.bodies) {
            if (body.process == run.process
                    && body.told == Told.GUARDED
                    && body.returnedAt >= 0
                    && (sentAtOnce || began(run) > body.returnedAt)
                    && body.ended >= 0
                    && !body.completionSent
                    && !body.completionGivenUp) {
                violated(
                        Property.UNEXPLAINED,
                        "P42",
                        run.process + " claims " + key.name + " before it has sent the completion of its own body "
                                + body.number);
            }
        }
    }

    /** A call that began while a body of its process ran is to wait for that one: it has nothing to ask. */
    private void followed(ScriptRun claim, KeyState key) {
        Body last = null;
        for (Body body : key.bodies) {
            last = body.process == claim.process ? body : last;
        }
        if (last != null
                && last.isRunning()
                && last.isKnown()
                && last.payload == world.payloadOf(claim.text(0))
                && claim.text(3).endsWith(WAITS)
                && began(claim) > last.begun) {
            violated(
                    Property.UNEXPLAINED,
                    "P41",
                    claim.process + " claims " + key.name + " for a call that has begun while its own body "
                            + last.number + " of the same payload runs");
        }
    }

    /** Maybe by another call of the process, which was granted the key and knows of the body. */
    private static void completionSent(Process process, KeyState key) {
        if (key != null) {
            for (Body body : key.bodies) {
                body.completionSent |= body.process == process && body.ended >= 0;
            }
        }
    }

    LuaValue watched(ScriptRun run, Supplier<LuaValue> script) {
        int each = run.keysOfEach();
        Before[] before = new Before[run.records()];
        for (int i = 0; i < before.length; i++) {
            before[i] = Before.of(world.redis, run.keys.get(i * each), each == 2 ? run.keys.get(i * each + 1) : null);
        }
        LuaValue reply = script.get();
        for (int i = 0; i < before.length; i++) {
            if (before[i].newer != null) {
                unchanged(run, run.keys.get(i * each), before[i].newer);
            }
        }
        if (reply.istable() && !reply.get("err").isnil() || run.kind == ScriptRun.Kind.READ) {
            return reply;
        }
        for (int i = 0; i < before.length; i++) {
            KeyState key = keys.get(run.keys.get(i * each).tojstring());
            if (key != null) {
                check(run, i, key, before[i], reply);
            }
        }
        return reply;
    }

    private void unchanged(ScriptRun run, LuaString name, SimRedis.Value before) {
        SimRedis.Value after = world.redis.value(name);
        if (after == null || after.expiresAtMillis != before.expiresAtMillis || !after.fields.equals(before.fields)) {
            KeyState key = keys.get(name.tojstring());
            violated(
                    Property.UNEXPLAINED,
                    "P38",
                    run.process + " has changed the record of " + (key == null ? name.tojstring() : key.name)
                            + ", which a newer version wrote: " + run.kind);
        }
    }

    private void check(ScriptRun run, int record, KeyState key, Before before, LuaValue reply) {
        String owner = run.owner(record);
        switch (run.kind) {
            case CLAIM -> {
                if (reply.istable()) {
                    notGranted(run, key, before, reply);
                } else {
                    granted(run, key, before, reply.tojstring());
                }
            }
            case COMPLETE -> completed(run, record, key, before, reply);
            case FAIL -> {
                String done = reply.get(1).tojstring();
                world.count("failure " + done);
                if (done.equals("applied")) {
                    if (!before.owner().equals(owner)) {
                        violated(
                                Property.UNEXPLAINED, "P15", "a call failed " + key.name + ", which another one holds");
                    } else if (before.status.equals("completed")) {
                        violated(Property.UNEXPLAINED, "P21", "a failure changed " + key.name + ", which is completed");
                    }
                    Grant grant = grants.get(owner);
                    if (grant != null) {
                        grant.failed = true;
                    }
                    over(key, owner);
                }
            }
            case RENEW -> {
                String done = reply.get(1).tojstring();
                world.count("renewal " + done);
                Grant grant = grants.get(owner);
                if (done.equals("applied")) {
                    if (!before.owner().equals(owner)) {
                        violated(
                                Property.UNEXPLAINED,
                                "P16",
                                "a call renewed the lease of " + key.name + ", which another one holds");
                    } else if (grant != null) {
                        grant.leaseEnd = now() + number(run.text(1)) * 1_000_000;
                    }
                }
            }
            case DELETE -> {
                if (reply.get(1).toint() > 0) {
                    world.count("claim given back");
                    if (!before.owner().equals(owner)) {
                        violated(
                                Property.UNEXPLAINED,
                                "P17",
                                "a call gave back " + key.name + ", which another one holds");
                    }
                    for (Body body : key.bodies) {
                        if (body.owner.equals(owner) && body.told == Told.GUARDED && body.isRunning()) {
                            violated(
                                    Property.UNEXPLAINED,
                                    "P7",
                                    run.process + " gives back the claim of " + key.name + ", whose body " + body.number
                                            + " runs");
                        }
                    }
                    over(key, owner);
                }
            }
            default -> {
                // What only reads changes nothing.
            }
        }
    }

    private void over(KeyState key, String owner) {
        Grant grant = grants.get(owner);
        if (grant != null) {
            grant.over = true;
        }
    }

    private void granted(ScriptRun run, KeyState key, Before before, String reply) {
        String owner = run.owner(0);
        String[] parts = reply.substring("new ".length()).split(" ", 7);
        long lease = number(parts[1]) * 1_000_000;
        Grant former = key.grant;
        boolean again = former != null && former.owner.equals(owner);
        world.count(again ? "claim granted again" : former == null ? "claim granted" : "claim granted to the next");
        world.story.tell(
                "redis",
                "grants " + key.name + " to " + run.process + (again ? " again" : "") + ", attempt "
                        + (parts[0].isEmpty() ? "1" : parts[0]));
        if (!before.hash.isEmpty() && !before.hash.equals(run.text(0))) {
            violated(Property.MISSED_CONFLICT, "P8", "a claim with another payload was granted " + key.name);
        }
        if (before.status.equals("completed") && !before.owner().equals(owner)) {
            violated(Property.UNEXPLAINED, "P20", "a claim was granted " + key.name + ", which is completed");
        }
        if (!again
                && former != null
                && !former.over
                && now() < former.leaseEnd - SLACK_NANOS
                && key.lostAt < former.at
                && clockSetForwardAt < former.at) {
            violated(
                    Property.UNEXPLAINED,
                    before.status.equals("failed") ? "P37" : "P6",
                    "a claim took " + key.name + " over, whose lease runs for another "
                            + (former.leaseEnd - now()) / 1_000_000 + " ms");
        }
        Grant holder = grants.get(before.owner());
        if (before.status.equals("failed")
                && holder != null
                && holder.completedAt >= 0
                && key.lostAt < holder.completedAt) {
            violated(
                    Property.UNEXPLAINED,
                    "P37",
                    "a claim was granted " + key.name
                            + ", whose completion a worker with five fields has marked as failed");
        }
        long fence = number(parts[2]) * 1_000_000 + number(parts[3]);
        if (before.fence() > 0 && !before.owner().equals(owner) && !before.status.equals("completed")) {
            long attempt = Math.max(1, number(parts[0]));
            if (fence <= before.fence()) {
                violated(Property.WRONG_VALUE, "P12", "the fence of " + key.name + " did not grow with a grant");
            }
            if (attempt <= Math.max(1, number(before.parts()[0]))) {
                violated(Property.WRONG_VALUE, "P13", "the attempt of " + key.name + " did not grow with a grant");
            }
        }
        if (again) {
            former.leaseEnd = now() + lease;
        } else {
            key.grant = new Grant(owner, now(), now() + lease);
            grants.put(owner, key.grant);
        }
        key.payloadsGranted.add(world.payloadOf(run.text(0)));
    }

    /** A worker of another kind has claimed the key. */
    Grant takenByStranger(KeyState key, String name, int payload, long leaseMillis) {
        key.grant = new Grant(name, now(), now() + leaseMillis * 1_000_000);
        key.payloadsGranted.add(payload);
        return key.grant;
    }

    /** It has marked the record as completed or failed, whoever holds that by now. */
    void endedByStranger(KeyState key) {
        if (key.grant != null && !grants.containsKey(key.grant.owner)) {
            key.grant.over = true;
        }
    }

    /** A worker with five fields marks the record as failed. What another of these has completed is lost by that: no claim tells of it. */
    void failedByFiveFields(LuaString key) {
        Before before = Before.of(world.redis, key, /* note= */ null);
        if (before.status.equals("completed") && before.owner().isEmpty()) {
            lost(key);
        }
    }

    /** A worker with five fields has found that record, and acknowledges its message. */
    void acknowledgedByStranger(KeyState key, SimRedis.Value record) {
        String status = record.text("status");
        Grant holder =
                grants.get(new Before(record.text("hash"), status, record.text("claim"), /* newer= */ null).owner());
        if (holder == null) {
            return;
        }
        if (status.equals("failed") && holder.failed) {
            violated(
                    Property.LOST,
                    "P35",
                    "a worker with five fields acknowledges its message of " + key.name + ", whose body has failed");
        }
        if (status.equals("pending") && clockSetBackAt < holder.at && now() > holder.leaseEnd + SLACK_NANOS) {
            violated(
                    Property.LOST,
                    "P36",
                    "a worker with five fields acknowledges its message of " + key.name + ", whose lease was over "
                            + (now() - holder.leaseEnd) / 1_000_000 + " ms ago");
        }
    }

    private void notGranted(ScriptRun run, KeyState key, Before before, LuaValue reply) {
        String verdict = reply.get(1).tojstring();
        world.count("claim " + verdict);
        boolean same = before.hash.equals(run.text(0));
        switch (verdict) {
            case "conflict" -> {
                if (same) {
                    violated(Property.BAD_CONFLICT, "P9", "a claim of the payload of " + key.name + " is a conflict");
                }
            }
            case "duplicate" -> {
                if (!same) {
                    violated(
                            Property.MISSED_CONFLICT,
                            "P10",
                            "a claim of another payload than that of " + key.name + " is a duplicate");
                }
            }
            default -> {
                if (before.newer != null) {
                    world.count("claim in-progress, newer");
                } else {
                    inProgress(run, key, before, reply);
                }
            }
        }
    }

    private void inProgress(ScriptRun run, KeyState key, Before before, LuaValue reply) {
        Grant held = grants.get(before.owner());
        long left = reply.get(6).tolong();
        if (before.owner().equals(run.owner(0)) && before.status.equals("pending")) {
            violated(
                    Property.STUCK,
                    "P18",
                    "a claim of " + key.name + " that was sent again is told to wait for itself");
        }
        // That of a worker with five fields begins at the end of a second.
        if (left > World.LEASE_MILLIS + (before.fence() == 0 ? 1_000 : 0)) {
            violated(
                    Property.STUCK,
                    "P24",
                    "the lease of " + key.name + " is said to run for " + left + " ms, and its length is "
                            + World.LEASE_MILLIS);
        }
        if (held != null && !held.over && clockSetBackAt < held.at && now() > held.leaseEnd + SLACK_NANOS && left > 0) {
            violated(
                    Property.STUCK,
                    "P5",
                    "the lease of " + key.name + " was over " + (now() - held.leaseEnd) / 1_000_000
                            + " ms ago, and a claim is not granted it");
        }
    }

    private void completed(ScriptRun run, int record, KeyState key, Before before, LuaValue reply) {
        String owner = run.owner(record);
        String done = reply.istable() ? reply.get(record + 1).tojstring() : "applied";
        world.count("completion " + done);
        for (Body body : key.bodies) {
            body.completionArrived |= body.process == run.process && body.ended >= 0;
        }
        if (!done.equals("applied") && !done.equals("gone")) {
            if (done.equals("refused") && before.owner().equals(owner)) {
                violated(Property.UNEXPLAINED, "P19", "a completion of " + key.name + " by its owner is refused");
            }
            return;
        }
        world.story.tell(
                "redis", "completes " + key.name + " for " + run.process + (done.equals("gone") ? ", whole" : ""));
        SimRedis.Value after = world.redis.value(run.keys.get(record * run.keysOfEach()));
        if (after == null) {
            violated(
                    Property.UNEXPLAINED,
                    done.equals("gone") ? "P22" : "P40",
                    "a call is told that " + key.name + " is completed, and there is no record of it");
        } else if (done.equals("applied") && !before.owner().equals(owner)) {
            boolean changed = after.text("claim").endsWith(owner);
            violated(
                    Property.UNEXPLAINED,
                    changed ? "P14" : "P40",
                    changed
                            ? "a call completed " + key.name + ", which another one holds"
                            : "a call is told that it completed " + key.name + ", and another one holds it");
        }
        long lives = after == null
                ? 0
                : after.expiresAtMillis < 0 ? Long.MAX_VALUE : after.expiresAtMillis - world.redis.millis();
        if (lives < number(run.text(record, 1)) * 1000) {
            violated(
                    Property.UNEXPLAINED,
                    "P20",
                    "the completed record of " + key.name + " lives for " + lives + " ms, and its TTL is "
                            + run.text(record, 1) + " s");
        }
        Grant grant = grants.computeIfAbsent(owner, unknown -> new Grant(owner, now(), now()));
        grant.completedAt = now();
        grant.over = true;
    }

    /** The client has read the reply, and hands it on to the call: from now on that one knows who holds its key. */
    void received(ScriptRun run, LuaValue reply) {
        if (run.kind != ScriptRun.Kind.CLAIM
                || reply.istable() && !reply.get(reply.length()).tojstring().equals(run.owner(0))) {
            // No claim, or the reply to another one.
            return;
        }
        if (reply.istable() && reply.get(1).tojstring().equals("in-progress")) {
            run.process.heldByOthersUntil.put(run.owner(0), now() + reply.get(6).tolong() * 1_000_000);
        } else {
            run.process.heldByOthersUntil.remove(run.owner(0));
        }
    }

    // What calls are told, and what bodies do.

    Body begins(KeyState key, Process process, int payload, Told told, String owner) {
        Body body = new Body(key, process, key.bodies.size() + 1, payload, told, owner, now());
        world.count("told to run " + told.name().toLowerCase(java.util.Locale.ROOT));
        world.story.tell(
                process.name,
                "begins body " + body.number + " of " + key.name + ", told that it is "
                        + (told == Told.GUARDED ? "guarded" : "unguarded"));
        for (Body other : key.bodies) {
            if ((other.isRunning() || other.ended >= 0) && !isExcused(other, body)) {
                violated(
                        Property.UNEXPLAINED,
                        other.isRunning() ? "P2" : sameMemory(other, body) ? "P28" : "P3",
                        "body " + body.number + " of " + key.name + " begins on " + process + " though body "
                                + other.number + (other.isRunning() ? " runs on " : " ran to its end on ")
                                + other.process + ", and nothing excuses it");
            }
        }
        Long heldUntil = process.heldByOthersUntil.get(owner);
        if (told == Told.UNGUARDED && heldUntil != null && heldUntil > now() + SLACK_NANOS) {
            violated(
                    Property.UNEXPLAINED,
                    "P29",
                    process + " knows that another process holds " + key.name + ", and runs its body");
        }
        key.bodies.add(body);
        key.payloadsGranted.add(payload);
        bodyOn.put(world.scheduler.current(), body);
        return body;
    }

    /** Whether the process itself knows of both. It forgets a call that has lost its key to another one, or whose record Redis lost. */
    private boolean sameMemory(Body former, Body next) {
        Grant own = grants.get(former.owner);
        boolean lostItsKey = own != null && own.completedAt < 0 && next.key.grant != own;
        return former.process == next.process
                && !lostItsKey
                && next.key.lostAt < former.begun
                && !next.process.hadError
                && former.payload == next.payload
                && (former.told == Told.GUARDED || former.told == Told.UNGUARDED)
                && (next.told == Told.GUARDED || next.told == Told.UNGUARDED);
    }

    private boolean isExcused(Body former, Body next) {
        if (next.told != Told.GUARDED) {
            return !sameMemory(former, next);
        }
        if (former.isRunning()
                && former.told == Told.GUARDED
                && former.process == next.process
                && !former.hadError
                && !next.process.hadError) {
            // Whatever Redis has lost, and whoever had the key meanwhile: the process knows that its own body runs.
            return false;
        }
        if (former.told != Told.GUARDED) {
            boolean others = next.key.bodies.stream().anyMatch(body -> body.process != next.process);
            return !sameMemory(former, next) || others || next.key.lostAt >= 0;
        }
        Grant own = grants.get(next.owner);
        if (own != null && (next.key.lostAt >= own.at || clockSetForwardAt >= own.at)) {
            // The former was granted the key between the next one's grant and its body.
            return true;
        }
        Grant grant = grants.get(former.owner);
        if (grant == null
                || former.hadError
                || former.completionGivenUp
                || former.key.lostAt >= grant.at
                || clockSetForwardAt >= grant.at
                || former.process.isDead() && grant.completedAt < 0) {
            return true;
        }
        long lease = World.LEASE_MILLIS * 1_000_000;
        return grant.completedAt < 0
                && former.process.longestWell(grant.leaseEnd - lease, grant.leaseEnd)
                        < World.RENEWED_AFTER_MILLIS * 1_000_000;
    }

    void ends(Body body) {
        body.ended = now();
        world.story.tell(body.process.name, "ends body " + body.number + " of " + body.key.name);
        if (body.key.bodies.stream().anyMatch(other -> other != body && other.ended >= 0)) {
            duplicates++;
        }
    }

    void fails(Body body) {
        body.failed = true;
        world.story.tell(body.process.name, "body " + body.number + " of " + body.key.name + " fails");
    }

    /** Its process says that a completion of the key is given up. */
    void givenUp(KeyState key, Process process) {
        world.count("completion given up");
        world.story.tell(process.name, "says that the completion of " + key.name + " is lost");
        for (Body body : key.bodies) {
            Grant grant = grants.get(body.owner);
            boolean applied = grant != null && grant.completedAt >= 0;
            body.completionGivenUp |= body.process == process && body.ended >= 0 && !applied;
        }
    }

    /** The world is calm, and nothing waits: each body that the guard knows was told to Redis, or counts as lost, which was said. */
    void checkLost(Process process, long lost, long waiting) {
        long untold = 0;
        for (KeyState key : new LinkedHashSet<>(keys.values())) {
            for (Body body : key.bodies) {
                boolean told = body.completionArrived || body.hadError;
                untold += body.process == process && body.isKnown() && body.ended >= 0 && !told ? 1 : 0;
            }
        }
        if (untold > lost + waiting) {
            violated(
                    Property.WRONG_VALUE,
                    "P43",
                    process + " has not told Redis of " + untold + " bodies, and counts " + lost
                            + " completions as lost");
        }
        if (world.plan.hasLittleRoom() ? process.saidLost != lost : lost > 0 && process.saidLost == 0) {
            violated(
                    Property.WRONG_VALUE,
                    "P43",
                    process + " counts " + lost + " completions as lost, and said so of " + process.saidLost);
        }
    }

    void returned(Body body) {
        body.returnedAt = now();
        bodyOn.values().remove(body);
    }

    void errorOn(SimThread thread) {
        Body body = bodyOn.get(thread);
        if (body != null) {
            body.hadError = true;
        }
    }

    /** @param result null where none is stored */
    void toldDuplicate(KeyState key, Process process, int payload, String traceId, String result) {
        world.count("told duplicate");
        world.story.tell(process.name, "is told that " + key.name + " is done");
        for (KeyState.Left each : key.leftByStrangers) {
            if (each.payload() == payload
                    && each.traceId().equals(traceId)
                    && each.result().equals(result)) {
                world.count("told duplicate of another kind of worker");
                return;
            }
        }
        if (key.completedByFiveFields && result == null) {
            world.count("told duplicate of a worker with five fields");
            return;
        }
        Body ended = null;
        Body left = null;
        for (Body body : key.bodies) {
            if (body.ended >= 0) {
                ended = body;
                boolean answers = body.failedForGood
                        || body.traceId().equals(traceId) && body.result().equals(result);
                left = answers && (left == null || left.payload != payload) ? body : left;
            }
        }
        if (ended == null) {
            violated(
                    Property.LOST,
                    "P1",
                    process + " is told that " + key.name + " is done, and no body of it ran to its end");
        } else if (left == null) {
            violated(
                    Property.WRONG_VALUE,
                    "P11",
                    process + " is answered with trace id '" + traceId + "' and result " + result + " for " + key.name
                            + ", which none of its bodies has left");
        } else if (left.payload != payload) {
            violated(
                    Property.MISSED_CONFLICT,
                    "P10",
                    process + " is told that " + key.name + " is done, and the body of another payload ran");
        }
    }

    void toldConflict(KeyState key, Process process, int payload) {
        world.count("told conflict");
        world.story.tell(process.name, "is told that " + key.name + " was used with another payload");
        // A call that its process lets run without a claim holds the key some steps before its body begins.
        world.scheduler.after(STEPS_NANOS, process, () -> {
            if (key.payloadsGranted.stream().allMatch(known -> known == payload)) {
                violated(
                        Property.BAD_CONFLICT,
                        "P9",
                        process + " is told that " + key.name + " was used with another payload, and it was not");
            }
        });
    }
}

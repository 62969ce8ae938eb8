package io.idempotenttrace.chaos.simulation;

import org.luaj.vm2.LuaString;

/**
 * What a worker of another kind does with its message. It asks Redis by steps of its own, and is no process of this world: no fault
 * strikes it but those of Redis, which it waits for.
 */
final class StrangerCall {

    private static final long ASKS_AGAIN_NANOS = 300_000_000L;
    private static final int MOST_CLAIMS = 20;
    /** Of a newer version: its claim ends with its record. */
    private static final long LIVES_MILLIS = 12_000;

    private static final long TTL_MILLIS = 3_600_000;
    /** Of a worker with five fields. */
    private static final long DAY_MILLIS = 86_400_000;

    private static final long FAILED_MILLIS = 300_000;

    private final World world;
    private final Stranger stranger;
    private final KeyState key;
    private final String tenant;
    private final LuaString record;
    private final LuaString note;
    private final String name;
    private int claims;
    /** Null before it has claimed the key. */
    private KeyState.Grant held;

    /** @param number among the strangers of the world */
    StrangerCall(World world, Stranger stranger, KeyState key, int number) {
        this.world = world;
        this.stranger = stranger;
        this.key = key;
        this.tenant = world.id(stranger.key()).tenant();
        this.record = LuaString.valueOf(world.id(stranger.key()).redisKey());
        this.note = LuaString.valueOf(Oracle.note(world.id(stranger.key()).redisKey()));
        this.name = "s" + number;
    }

    void begin() {
        if (stranger.kind() == Stranger.Kind.NEWER) {
            claimFromNewer();
        } else {
            ask(this::claimByFiveFields);
        }
    }

    private void later(long nanos, Runnable step) {
        world.scheduler.after(nanos, null, step);
    }

    /** Asks Redis now, or when that serves again. */
    private void ask(Runnable step) {
        if (world.redis.isWell()) {
            step.run();
        } else {
            later(ASKS_AGAIN_NANOS, () -> ask(step));
        }
    }

    /** When its body is over: the worker may have died in it. */
    private void endLater(Runnable end) {
        later(stranger.bodyNanos(), () -> {
            if (stranger.end() == Stranger.End.DIES) {
                tell("dies");
                world.strangerIsDone();
            } else {
                end.run();
            }
        });
    }

    private void tell(String what) {
        world.story.tell(name, what);
    }

    // A newer version.

    private void claimFromNewer() {
        ask(() -> {
            if (world.redis.value(record) != null || world.redis.value(note) != null) {
                claims++;
                if (claims < MOST_CLAIMS) {
                    later(ASKS_AGAIN_NANOS, this::claimFromNewer);
                } else {
                    world.strangerIsDone();
                }
                return;
            }
            world.count("newer record");
            tell("has a newer version, and claims " + key.name);
            long millis = world.redis.millis();
            world.redis.write(
                    record,
                    LIVES_MILLIS,
                    "hash",
                    World.hashOf(stranger.payload()),
                    "tenant_id",
                    tenant,
                    "trace_id",
                    traceId(),
                    "created_at",
                    Long.toString(millis / 1000),
                    "status",
                    "pending",
                    "claim",
                    claim(millis),
                    "v",
                    "2");
            held = world.oracle.takenByStranger(key, name, stranger.payload(), LIVES_MILLIS);
            endLater(this::endAsNewer);
        });
    }

    /** Half of them write what this version would take for a claim of its own. */
    private String claim(long millis) {
        return stranger.atNanos() % 2 == 0
                ? " 3000 " + millis / 1000 + " " + millis % 1000 * 1000 + "   " + name
                : "2;" + millis + ";" + name;
    }

    private String traceId() {
        return "newer-" + name;
    }

    private void endAsNewer() {
        ask(() -> {
            SimRedis.Value value = world.redis.value(record);
            world.strangerIsDone();
            if (value == null || !value.text("claim").endsWith(name)) {
                // Its record was lost, and the key may be another's.
                return;
            }
            held.over = true;
            if (stranger.end() == Stranger.End.FAILS) {
                tell("fails " + key.name);
                world.redis.write(record, LIVES_MILLIS, "status", "failed", "error", "theirs");
                return;
            }
            tell("completes " + key.name);
            String result = "\"r-" + name + "\"";
            key.leftByStrangers.add(new KeyState.Left(stranger.payload(), traceId(), result));
            world.redis.write(record, TTL_MILLIS, "status", "completed", "result", result);
        });
    }

    // Five fields.

    private void claimByFiveFields() {
        SimRedis.Value there = world.redis.value(record);
        if (there != null) {
            boolean same = there.text("hash").equals(World.hashOf(stranger.payload()));
            world.count(same ? "stranger acknowledges" : "stranger is told conflict");
            tell("knows five fields, and " + (same ? "acknowledges " : "finds another payload of ") + key.name);
            if (same) {
                world.oracle.acknowledgedByStranger(key, there);
            }
            world.strangerIsDone();
            return;
        }
        world.count("stranger claims");
        tell("knows five fields, and claims " + key.name);
        long millis = world.redis.millis();
        long second = millis / 1000;
        world.redis.write(
                record,
                DAY_MILLIS,
                "hash",
                World.hashOf(stranger.payload()),
                "tenant_id",
                tenant,
                "trace_id",
                "theirs",
                "created_at",
                Long.toString(second),
                "status",
                "pending");
        held = world.oracle.takenByStranger(
                key, name, stranger.payload(), (second + 1) * 1000 - millis + World.LEASE_MILLIS);
        endLater(this::endByFiveFields);
    }

    /** It writes to whatever record is there by now. */
    private void endByFiveFields() {
        ask(() -> {
            boolean fails = stranger.end() == Stranger.End.FAILS;
            world.count(fails ? "stranger fails" : "stranger completes");
            tell((fails ? "fails " : "completes ") + key.name);
            if (fails) {
                world.oracle.failedByFiveFields(record);
                world.redis.write(record, FAILED_MILLIS, "status", "failed", "error", "theirs");
            } else {
                key.completedByFiveFields = true;
                world.redis.write(record, 0, "status", "completed", "response_hash", World.hashOf(0));
            }
            world.oracle.endedByStranger(key);
            world.strangerIsDone();
        });
    }
}

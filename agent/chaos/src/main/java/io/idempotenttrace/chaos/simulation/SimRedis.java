package io.idempotenttrace.chaos.simulation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/**
 * A Redis that fails as the seed says: the few commands that the scripts of production use, keys that expire by its own clock, channels,
 * and the notes of what changed for connections that track.
 */
final class SimRedis implements LuaScripts.Commands {

    /** What it refuses commands with for a time. */
    enum Refusal {
        NONE(""),
        LOADING("LOADING Redis is loading the dataset in memory"),
        OUT_OF_MEMORY("OOM command not allowed when used memory > 'maxmemory'."),
        READ_ONLY("READONLY You can't write against a read only replica."),
        NO_RIGHT("NOPERM User worker has no permissions to run the 'evalsha' command");

        final String text;

        Refusal(String text) {
            this.text = text;
        }
    }

    /** A key's fields, and when it expires by Redis' clock; -1 for never. */
    static final class Value {

        final Map<LuaString, LuaString> fields = new LinkedHashMap<>();
        long expiresAtMillis = -1;

        Value copy() {
            Value copy = new Value();
            copy.fields.putAll(fields);
            copy.expiresAtMillis = expiresAtMillis;
            return copy;
        }

        /** Empty where the field is not there. */
        String text(String field) {
            LuaString value = fields.get(LuaString.valueOf(field));
            return value == null ? "" : value.tojstring();
        }
    }

    /** How a key was before a write, for replicas that did not get it. */
    private record Former(long atNanos, LuaString key, Value value) {}

    private static final long EPOCH_MILLIS = 1_790_000_000_000L;
    private static final LuaTable OK = new LuaTable();

    static {
        OK.set("ok", LuaValue.valueOf("OK"));
    }

    private final World world;
    private final LuaScripts scripts;
    private final Map<LuaString, Value> values = new HashMap<>();
    private final List<Former> journal = new ArrayList<>();
    private final Map<String, String> known = new HashMap<>();
    private final Map<String, String> shaOf;
    private final Map<String, Set<SimWire>> listeners = new HashMap<>();
    private final Map<LuaString, Set<SimWire>> trackers = new HashMap<>();
    private final Set<LuaString> touched = new HashSet<>();

    private long skewMillis;
    private boolean down;
    private Refusal refusal = Refusal.NONE;
    private long busyUntil;
    /** Of the connection whose script runs. */
    private SimWire asking;

    /** @param shaOf of script texts, kept from one world to the next */
    SimRedis(World world, LuaScripts scripts, Map<String, String> shaOf) {
        this.world = world;
        this.scripts = scripts;
        this.shaOf = shaOf;
    }

    boolean isWell() {
        return !down && refusal == Refusal.NONE && busyUntil <= world.scheduler.now();
    }

    boolean isDown() {
        return down;
    }

    long busyUntil() {
        return busyUntil;
    }

    long millis() {
        return EPOCH_MILLIS + skewMillis + world.scheduler.now() / 1_000_000;
    }

    private long micros() {
        return (EPOCH_MILLIS + skewMillis) * 1000 + world.scheduler.now() / 1000;
    }

    /** Null where there is none. */
    Value value(LuaString key) {
        Value value = values.get(key);
        if (value != null && value.expiresAtMillis >= 0 && value.expiresAtMillis <= millis()) {
            values.remove(key);
            changed(key);
            return null;
        }
        return value;
    }

    // What a client sends.

    /** @return the reply, or an error as a table with the member err */
    LuaValue eval(SimWire from, String text, List<LuaString> keys, List<LuaString> arguments) {
        known.put(sha(text), text);
        return run(from, text, keys, arguments);
    }

    LuaValue evalsha(SimWire from, String sha, List<LuaString> keys, List<LuaString> arguments) {
        String text = known.get(sha);
        if (text == null && refusal != Refusal.LOADING && refusal != Refusal.NO_RIGHT) {
            return error("NOSCRIPT No matching script. Please use EVAL.");
        }
        return run(from, text, keys, arguments);
    }

    private LuaValue run(SimWire from, String text, List<LuaString> keys, List<LuaString> arguments) {
        boolean passes = refusal == Refusal.OUT_OF_MEMORY && text.startsWith("#!lua flags=allow-oom");
        if (refusal != Refusal.NONE && !passes) {
            world.count("refused command");
            return error(refusal.text);
        }
        asking = from;
        touched.clear();
        LuaValue reply = scripts.run(text, keys, arguments, this);
        touched.forEach(this::changed);
        return reply;
    }

    /** A worker of another kind writes these fields, each with its name before it; at 0 it lives on as it does. */
    void write(LuaString key, long livesMillis, String... fields) {
        touched.clear();
        Value value = value(key);
        writes(key);
        if (value == null) {
            value = new Value();
            values.put(key, value);
        }
        for (int i = 0; i < fields.length; i += 2) {
            value.fields.put(LuaString.valueOf(fields[i]), LuaString.valueOf(fields[i + 1]));
        }
        if (livesMillis > 0) {
            value.expiresAtMillis = millis() + livesMillis;
        }
        touched.forEach(this::changed);
    }

    private String sha(String text) {
        return shaOf.computeIfAbsent(text, whole -> {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-1").digest(whole.getBytes(StandardCharsets.UTF_8)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    static LuaTable error(String message) {
        LuaTable error = new LuaTable();
        error.set("err", LuaValue.valueOf(message));
        return error;
    }

    void subscribe(SimWire wire, String channel) {
        listeners.computeIfAbsent(channel, name -> new LinkedHashSet<>()).add(wire);
    }

    void unsubscribe(SimWire wire, String channel) {
        Set<SimWire> hearing = listeners.get(channel);
        if (hearing != null) {
            hearing.remove(wire);
        }
    }

    /** The connection is gone. */
    void forget(SimWire wire) {
        listeners.values().forEach(wires -> wires.remove(wire));
        trackers.values().forEach(wires -> wires.remove(wire));
    }

    private void changed(LuaString key) {
        Set<SimWire> told = trackers.remove(key);
        if (told != null) {
            told.forEach(wire -> wire.push(() -> wire.tracked(key)));
        }
    }

    // What the world does to it.

    void restart(boolean keepsData) {
        known.clear();
        if (!keepsData) {
            List.copyOf(values.keySet()).forEach(this::lose);
            journal.clear();
        }
    }

    void down(boolean nowDown) {
        down = nowDown;
        world.noteHealth();
    }

    void refuse(Refusal with) {
        refusal = with;
        world.noteHealth();
    }

    void busyFor(long nanos) {
        busyUntil = world.scheduler.now() + nanos;
        world.noteHealth();
        world.scheduler.after(nanos, null, world::noteHealth);
    }

    void flushScripts() {
        known.clear();
    }

    void setClock(long byMillis) {
        skewMillis += byMillis;
    }

    /** Loses what was written in that last time, as a failover to a replica that lags does. */
    int rollBack(long nanos) {
        long from = world.scheduler.now() - nanos;
        Set<LuaString> lost = new LinkedHashSet<>();
        for (int i = journal.size() - 1; i >= 0 && journal.get(i).atNanos >= from; i--) {
            Former former = journal.remove(i);
            lost.add(former.key);
            if (former.value == null) {
                values.remove(former.key);
            } else {
                values.put(former.key, former.value.copy());
            }
        }
        lost.forEach(world.oracle::lost);
        return lost.size();
    }

    /** Evicts one key, chosen by that number; false where there is none. */
    boolean evict(int choice) {
        Iterator<LuaString> keys = values.keySet().iterator();
        LuaString chosen = null;
        for (int i = 0, at = values.isEmpty() ? -1 : choice % values.size(); i <= at; i++) {
            chosen = keys.next();
        }
        if (chosen == null) {
            return false;
        }
        lose(chosen);
        return true;
    }

    private void lose(LuaString key) {
        values.remove(key);
        world.oracle.lost(key);
        changed(key);
    }

    // What scripts call.

    @Override
    public LuaValue run(String command, Varargs arguments) {
        LuaString key = arguments.narg() == 0 ? null : arguments.arg1().strvalue();
        return switch (command) {
            case "PTTL" -> number(timeToLive(key));
            case "HMGET" -> hmget(value(read(key)), arguments);
            case "HGETALL" -> hgetall(value(read(key)));
            case "HSTRLEN" -> {
                Value value = value(key);
                LuaString field =
                        value == null ? null : value.fields.get(arguments.arg(2).strvalue());
                yield number(field == null ? 0 : field.length());
            }
            case "HSET" -> hset(key, arguments);
            case "HDEL" -> hdel(key, arguments);
            case "DEL" -> {
                int deleted = 0;
                for (int i = 1; i <= arguments.narg(); i++) {
                    LuaString name = arguments.arg(i).strvalue();
                    if (value(name) != null) {
                        writes(name);
                        values.remove(name);
                        deleted++;
                    }
                }
                yield number(deleted);
            }
            case "EXPIRE" -> expire(key, arguments.arg(2).tolong() * 1000);
            case "PEXPIRE" -> expire(key, Long.parseLong(arguments.arg(2).tojstring()));
            case "RENAME" -> {
                Value value = value(key);
                if (value == null) {
                    throw new LuaError("ERR no such key");
                }
                LuaString target = arguments.arg(2).strvalue();
                writes(key);
                writes(target);
                values.remove(key);
                values.put(target, value);
                yield OK;
            }
            case "TIME" -> {
                LuaTable time = new LuaTable();
                time.set(1, LuaValue.valueOf(Long.toString(micros() / 1_000_000)));
                time.set(2, LuaValue.valueOf(Long.toString(micros() % 1_000_000)));
                yield time;
            }
            case "PUBLISH", "SPUBLISH" -> {
                String channel = key.tojstring();
                LuaString content = arguments.arg(2).strvalue();
                Set<SimWire> hearing = listeners.getOrDefault(channel, Set.of());
                hearing.forEach(wire -> wire.push(() -> wire.message(key, content)));
                yield number(hearing.size());
            }
            default -> throw new LuaError("ERR the simulated Redis does not know the command " + command);
        };
    }

    private static LuaValue number(long value) {
        return LuaValue.valueOf((double) value);
    }

    private long timeToLive(LuaString key) {
        Value value = value(key);
        return value == null ? -2 : value.expiresAtMillis < 0 ? -1 : value.expiresAtMillis - millis();
    }

    private LuaString read(LuaString key) {
        if (asking.isTracking()) {
            trackers.computeIfAbsent(key, name -> new LinkedHashSet<>()).add(asking);
        }
        return key;
    }

    private static LuaValue hmget(Value value, Varargs arguments) {
        LuaTable reply = new LuaTable(arguments.narg(), 0);
        for (int i = 2; i <= arguments.narg(); i++) {
            LuaString field =
                    value == null ? null : value.fields.get(arguments.arg(i).strvalue());
            reply.set(i - 1, field == null ? LuaValue.FALSE : field);
        }
        return reply;
    }

    private static LuaValue hgetall(Value value) {
        LuaTable reply = new LuaTable();
        if (value != null) {
            int at = 0;
            for (Map.Entry<LuaString, LuaString> field : value.fields.entrySet()) {
                reply.set(++at, field.getKey());
                reply.set(++at, field.getValue());
            }
        }
        return reply;
    }

    /** A write of that key comes: a replica may not get it. */
    private void writes(LuaString key) {
        if (touched.add(key)) {
            Value value = values.get(key);
            journal.add(new Former(world.scheduler.now(), key, value == null ? null : value.copy()));
        }
    }

    private LuaValue hset(LuaString key, Varargs arguments) {
        Value value = value(key);
        writes(key);
        if (value == null) {
            value = new Value();
            values.put(key, value);
        }
        for (int i = 2; i < arguments.narg(); i += 2) {
            value.fields.put(arguments.arg(i).strvalue(), arguments.arg(i + 1).strvalue());
        }
        return number(1);
    }

    private LuaValue hdel(LuaString key, Varargs arguments) {
        Value value = value(key);
        if (value == null) {
            return number(0);
        }
        writes(key);
        for (int i = 2; i <= arguments.narg(); i++) {
            value.fields.remove(arguments.arg(i).strvalue());
        }
        if (value.fields.isEmpty()) {
            values.remove(key);
        }
        return number(1);
    }

    private LuaValue expire(LuaString key, long millis) {
        Value value = value(key);
        if (value == null) {
            return number(0);
        }
        writes(key);
        value.expiresAtMillis = millis() + millis;
        return number(1);
    }
}

package io.idempotenttrace.chaos.check;

import io.idempotenttrace.chaos.check.Judgement.Property;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares what happened with what the README promises.
 *
 * <p>The problem: under faults a body may run twice, and the README says when. A checker that excuses each duplicate that is near a fault
 * in time would excuse what the agent does wrong.
 *
 * <p>So a duplicate has to be explained by what happened to one of its two calls itself: it ran unguarded, its worker was killed or paused
 * while it held the key, the agent told it that its lease was lost, or the store lost the record. And each phase of a run names the
 * excuses that its faults can give; where it names none, each duplicate is a violation.
 */
public final class Checker {

    private static final String UNGUARDED = "unguarded";
    private static final String KILLED = "killed";
    private static final String PAUSED = "paused";
    private static final String LEASE_LOST = "lease-lost";
    private static final String LOST_RECORD = "lost-record";
    private static final Set<String> KNOWN = Set.of(UNGUARDED, KILLED, PAUSED, LEASE_LOST, LOST_RECORD);
    /** The scope whose calls are refused while the store can't be asked, and return when their completion is acknowledged. */
    private static final String STRICT = "strict";

    /** A message: one payload of one key. Its calls are in the order of their bodies. */
    private record Message(long phase, String key, String payload, String scope) {}

    /** Faults with equal names and phases of one run. */
    private static final class Phase {

        private final Set<String> excuses;
        private final Set<String> strictExcuses;
        private final String name;

        Phase(Event event) {
            name = event.text("name");
            excuses = excuses(event, "excuses");
            strictExcuses = excuses(event, "strictExcuses");
        }

        private static Set<String> excuses(Event event, String field) {
            Set<String> excuses = new HashSet<>(event.texts(field));
            if (!KNOWN.containsAll(excuses)) {
                throw new MalformedHistoryException(
                        "line " + event.line() + " of the history names an unknown excuse: " + excuses);
            }
            return excuses;
        }

        Set<String> excusesOf(String scope) {
            return scope.equals(STRICT) ? strictExcuses : excuses;
        }
    }

    private final Judgement judgement;
    private final boolean everythingCloses;
    private final Map<Long, Phase> phases = new HashMap<>();
    private final Map<String, Message> messages = new LinkedHashMap<>();
    private final Map<String, Long> phaseOfKey = new HashMap<>();
    private final Map<Long, Call> calls = new LinkedHashMap<>();
    private final Map<String, List<Call>> callsOfKey = new LinkedHashMap<>();
    private final Map<String, WorkerLife> workers = new HashMap<>();
    private final Set<String> acknowledged = new HashSet<>();
    private final Set<String> told = new HashSet<>();
    private final Map<String, Long> attempts = new HashMap<>();
    private final List<Long> losses = new ArrayList<>();
    private final List<Event> counts = new ArrayList<>();
    private final Map<Long, Long> phaseEnds = new HashMap<>();

    private Checker(Event run) {
        judgement = new Judgement(run.number("seed"));
        everythingCloses = run.text("policy").equals("throw");
    }

    /**
     * Judges a file.
     *
     * @throws MalformedHistoryException if it is cut off, or not a history
     */
    public static Judgement check(Path history) {
        return judge(History.read(history, /* unfinished= */ false));
    }

    /** As {@link #check}, of a history that is still written. What has no end yet is not judged. */
    public static Judgement checkUnfinished(Path history) {
        return judge(History.read(history, /* unfinished= */ true));
    }

    static Judgement judge(List<Event> events) {
        Checker checker = new Checker(events.stream()
                .filter(event -> event.name().equals("run"))
                .findFirst()
                .orElseThrow());
        events.forEach(checker::take);
        return checker.judge();
    }

    private void take(Event event) {
        switch (event.name()) {
            case "run", "end", "freeze" -> {
                // A machine that stood still explains nothing; it is there for people.
            }
            case "phase" -> phases.put(event.number("phase"), new Phase(event));
            case "message" -> {
                Message message = new Message(
                        event.number("phase"), event.text("key"), event.text("payload"), event.text("scope"));
                messages.put(message.key + '\n' + message.payload, message);
                phaseOfKey.put(message.key, message.phase);
            }
            case "deliver" -> {
                Call call = new Call(event);
                if (calls.put(call.id, call) != null) {
                    throw new MalformedHistoryException(
                            "line " + event.line() + " of the history delivers call " + call.id + " a second time");
                }
                if (!messages.containsKey(call.key + '\n' + call.payload)) {
                    throw new MalformedHistoryException(
                            "line " + event.line() + " of the history delivers a message that was never sent: " + call);
                }
                callsOfKey.computeIfAbsent(call.key, key -> new ArrayList<>()).add(call);
                judgement.calls++;
            }
            case "begin" -> {
                Call call = call(event);
                if (call.ran()) {
                    judgement.duplicates++;
                    judgement.violated(Property.UNEXPLAINED, "the body ran twice within one call: " + call);
                }
                call.begun = event.at();
                call.guarded = event.text("guard").equals("guarded");
            }
            case "done" -> {
                Call call = call(event);
                call.done = event.at();
                call.left = event.text("value");
            }
            case "threw" -> call(event).threw = event.at();
            case "tried" -> call(event).triedBefore = event.number("times");
            case "answer" -> {
                Call call = call(event);
                call.answered = event.at();
                call.answer = event.text("answer");
                call.value = event.text("value");
            }
            case "ack" -> {
                Call call = call(event);
                acknowledged.add(call.key + '\n' + call.payload);
            }
            case "worker" -> life(event.text("worker")).state(event);
            case "told" -> told.add(event.text("worker") + '\n' + event.text("key"));
            case "fault" -> {
                if (event.text("state").equals("begin")) {
                    judgement.faults++;
                    if (event.flag("loses")) {
                        losses.add(event.at());
                    }
                }
            }
            case "record" -> attempts.merge(event.text("key"), event.number("attempt"), Math::max);
            case "counts" -> counts.add(event);
            case "recovered" -> {
                if (!event.flag("guarded")) {
                    judgement.violated(
                            Property.UNRECOVERED,
                            "worker " + event.text("worker") + " still ran bodies unguarded after its fault was over");
                }
            }
            case "phase-end" -> phaseEnds.put(event.number("phase"), event.at());
            default ->
                throw new MalformedHistoryException(
                        "line " + event.line() + " of the history: nobody judges the event '" + event.name() + "'");
        }
    }

    private Call call(Event event) {
        Call call = calls.get(event.number("call"));
        if (call == null) {
            throw new MalformedHistoryException("line " + event.line() + " of the history is about call "
                    + event.number("call") + ", which was never delivered before");
        }
        return call;
    }

    private WorkerLife life(String worker) {
        return workers.computeIfAbsent(worker, name -> new WorkerLife());
    }

    private Judgement judge() {
        callsOfKey.forEach((key, ofKey) -> {
            ofKey.sort(Comparator.comparingLong((Call call) -> call.begun).thenComparingLong(call -> call.delivered));
            for (Call call : ofKey) {
                judgeAnswer(call, ofKey);
                judgeBody(call, ofKey);
            }
            judgeFence(key, ofKey);
        });
        messages.values().forEach(this::judgeMessage);
        calls.values().forEach(this::judgeEnd);
        counts.forEach(this::judgeCounts);
        return judgement;
    }

    private Phase phase(String key) {
        Phase phase = phases.get(phaseOfKey.get(key));
        if (phase == null) {
            throw new MalformedHistoryException(
                    "key '" + key + "' belongs to phase " + phaseOfKey.get(key) + ", which has no event 'phase'");
        }
        return phase;
    }

    private void judgeMessage(Message message) {
        Long end = phaseEnds.get(message.phase);
        if (end != null && !acknowledged.contains(message.key + '\n' + message.payload)) {
            judgement.violated(
                    Property.STUCK,
                    "the message of key '" + message.key + "' with payload '" + message.payload
                            + "' was redelivered until its phase ended, and never acknowledged");
        }
    }

    /** A call that was delivered to a worker that lives has to return. */
    private void judgeEnd(Call call) {
        Long end = phaseEnds.get(phaseOfKey.get(call.key));
        if (end != null && call.answered == Call.NEVER && life(call.worker).isAliveAt(end)) {
            judgement.violated(Property.STUCK, call + ", though its worker was alive at the end of its phase");
        }
    }

    private void judgeAnswer(Call call, List<Call> ofKey) {
        switch (call.answer) {
            case "", "in-progress", "store", "threw", "error" -> {
                // The message is delivered again.
            }
            case "ran" -> {
                if (!call.ranToItsEnd()) {
                    judgement.violated(Property.LOST, "it returned as if its body had run: " + call);
                } else if (!call.value.equals(call.left)) {
                    judgement.violated(
                            Property.WRONG_VALUES,
                            call + " got '" + call.value + "', and its body left '" + call.left + "'");
                }
            }
            case "duplicate" -> judgeDuplicate(call, ofKey);
            case "conflict" -> judgeConflict(call, ofKey);
            default ->
                throw new MalformedHistoryException(
                        "call " + call.id + " has the unknown answer '" + call.answer + "'");
        }
    }

    private void judgeDuplicate(Call call, List<Call> ofKey) {
        List<Call> bodies = ofKey.stream()
                .filter(other -> other.ranToItsEnd() && other.payload.equals(call.payload))
                .toList();
        if (bodies.isEmpty()) {
            boolean otherPayload = ofKey.stream().anyMatch(Call::ranToItsEnd);
            judgement.violated(
                    otherPayload ? Property.MISSED_CONFLICTS : Property.LOST,
                    otherPayload
                            ? "only bodies of other payloads ran: " + call
                            : "it was answered as a duplicate, and no body ran: " + call);
            return;
        }
        if (call.value.isEmpty()) {
            return;
        }
        Call source = bodies.stream()
                .filter(other -> other.left.equals(call.value))
                .findFirst()
                .orElse(null);
        if (source == null) {
            judgement.violated(
                    Property.WRONG_VALUES, call + " got '" + call.value + "', which no body of its key has left");
            return;
        }
        Set<String> excuses = phase(call.key).excusesOf(call.scope);
        if (excuses.contains(UNGUARDED) || excuses.contains(LOST_RECORD) || !source.guarded) {
            return;
        }
        for (Call later : bodies) {
            boolean settled = later.guarded
                    && later.begun > source.begun
                    && later.answer.equals("ran")
                    && later.answered < call.delivered
                    && source.begun < later.begun;
            if (settled) {
                judgement.violated(
                        Property.WRONG_VALUES,
                        call + " got '" + call.value
                                + "' of a former owner, though the next owner had completed the key: " + later);
                return;
            }
        }
    }

    private void judgeConflict(Call call, List<Call> ofKey) {
        boolean another = ofKey.stream()
                .anyMatch(other -> !other.payload.equals(call.payload) && mayHaveClaimedBefore(call.answered, other));
        if (!another) {
            judgement.violated(Property.BAD_CONFLICTS, "no other payload of its key was ever claimed before: " + call);
        }
    }

    /** A claim lies between the call's delivery and the begin of its body, which may be written down after another call's answer. */
    private boolean mayHaveClaimedBefore(long moment, Call call) {
        return call.delivered < moment && (call.ran() || hasDied(call));
    }

    private boolean hasDied(Call call) {
        return call.answered == Call.NEVER && life(call.worker).killed != Call.NEVER;
    }

    private void judgeBody(Call call, List<Call> ofKey) {
        if (!call.ran()) {
            return;
        }
        boolean closes = everythingCloses || call.scope.equals(STRICT);
        if (closes && !call.guarded) {
            judgement.violated(
                    Property.OPEN_WHEN_CLOSED, "its body ran unguarded, though on-store-failure is throw: " + call);
        }
        Set<String> excuses = phase(call.key).excusesOf(call.scope);
        boolean again = false;
        for (Call former : ofKey) {
            if (former == call || !former.ran() || former.begun > call.begun || former.threw <= call.begun) {
                continue;
            }
            boolean same = former.payload.equals(call.payload);
            if (!former.ranToItsEnd() && (hasDied(former) || !same)) {
                // It never ran to its end: that the body runs again is what a user wants.
                continue;
            }
            if (!same && former.done > call.begun) {
                continue;
            }
            again |= same;
            String excuse = excuse(former, call, excuses);
            if (excuse == null) {
                judgement.violated(
                        same ? Property.UNEXPLAINED : Property.MISSED_CONFLICTS,
                        "in the phase '" + phase(call.key).name + "', which excuses "
                                + (excuses.isEmpty() ? "nothing" : excuses) + ", a body ran again: " + former
                                + "; and then " + call);
                break;
            }
            judgement.excused(excuse);
        }
        if (again) {
            judgement.duplicates++;
        }
    }

    /** What explains that the body of the second call ran though that of the first had; null if nothing does. */
    private String excuse(Call first, Call second, Set<String> excuses) {
        if (excuses.contains(UNGUARDED) && !(first.guarded && second.guarded)) {
            return UNGUARDED;
        }
        if (excuses.contains(KILLED) && (diedWithItsClaim(first, second) || diedWithItsClaim(second, first))) {
            return KILLED;
        }
        if (excuses.contains(PAUSED) && (wasPaused(first, second) || wasPaused(second, first))) {
            return PAUSED;
        }
        if (excuses.contains(LEASE_LOST) && (isTold(first) || isTold(second) || tookOver(second.key))) {
            return LEASE_LOST;
        }
        if (excuses.contains(LOST_RECORD)
                && !tookOver(second.key)
                && losses.stream().anyMatch(loss -> loss < second.begun)) {
            return LOST_RECORD;
        }
        return null;
    }

    /** The worker died before the call returned; or later, and the record says that its completion had not been written by then. */
    private boolean diedWithItsClaim(Call call, Call other) {
        long killed = life(call.worker).killed;
        if (killed == Call.NEVER || killed < call.delivered) {
            return false;
        }
        return call.answered == Call.NEVER || !call.scope.equals(STRICT) && tookOver(call.key) && killed < other.begun;
    }

    private boolean wasPaused(Call call, Call other) {
        return life(call.worker).wasPausedBetween(call.delivered, Math.min(call.answered, other.begun));
    }

    private boolean isTold(Call call) {
        return told.contains(call.worker + '\n' + call.key);
    }

    /** Whether the record says that it was claimed more than once, so that a later call met what the former one had not completed. */
    private boolean tookOver(String key) {
        return attempts.getOrDefault(key, 0L) >= 2;
    }

    private void judgeFence(String key, List<Call> ofKey) {
        Long attempt = attempts.get(key);
        if (attempt == null || attempt >= 2 || !losses.isEmpty()) {
            return;
        }
        // A shared record that failed, or whose owner died, is gone with its count.
        List<Call> guarded = ofKey.stream()
                .filter(call -> call.ran() && call.guarded && !call.scope.equals("shared"))
                .toList();
        Set<String> excuses = phase(key).excuses;
        if (guarded.size() > 1
                && guarded.size() == ofKey.stream().filter(Call::ran).count()
                && !excuses.contains(LOST_RECORD)) {
            judgement.violated(
                    Property.STANDING_FENCES,
                    "the record of key '" + key + "' says that it was claimed once, and these ran: " + guarded);
        }
    }

    /** The line at the exit of a worker against what its calls were. */
    private void judgeCounts(Event event) {
        String worker = event.text("worker");
        long ran = 0;
        long unguarded = 0;
        long unguardedThatThrew = 0;
        long duplicates = 0;
        long conflicts = 0;
        for (Call call : calls.values()) {
            if (!call.worker.equals(worker)) {
                continue;
            }
            ran += call.ranToItsEnd() && call.guarded ? 1 : 0;
            unguarded += call.ranToItsEnd() && !call.guarded ? 1 : 0;
            // One without heap or stack can't even say that it begins.
            boolean mayHaveBegun = call.threw != Call.NEVER || call.answer.equals("error");
            boolean mayBeUnguarded = call.ran() ? !call.guarded : mayHaveBegun;
            unguardedThatThrew += mayBeUnguarded && !call.ranToItsEnd() ? 1 : 0;
            unguardedThatThrew += call.triedBefore;
            duplicates += call.answer.equals("duplicate") ? 1 : 0;
            conflicts += call.answer.equals("conflict") ? 1 : 0;
        }
        // One whose body threw counts as failed, or as unguarded where it was admitted so.
        long unguardedSaid = event.number("unguarded");
        if (unguardedSaid > unguarded && unguardedSaid <= unguarded + unguardedThatThrew) {
            unguarded = unguardedSaid;
        }
        String truth = "new=" + ran + " duplicate=" + duplicates + " conflict=" + conflicts + " unguarded=" + unguarded;
        String said = "new=" + event.number("new") + " duplicate=" + event.number("duplicate") + " conflict="
                + event.number("conflict") + " unguarded=" + unguardedSaid;
        if (!truth.equals(said)) {
            judgement.violated(
                    Property.WRONG_COUNTS,
                    "worker " + worker + " said " + said + " at its exit, and in truth " + truth);
        }
    }
}

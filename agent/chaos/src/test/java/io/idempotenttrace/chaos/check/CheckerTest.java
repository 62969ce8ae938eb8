package io.idempotenttrace.chaos.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.chaos.check.Judgement.Property;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A history that is right, and what becomes of it when it is doctored. */
class CheckerTest {

    /** Lines without their times and their end, which {@link #judge} adds. */
    private final List<String> lines = new ArrayList<>();

    private static String phase(String excuses) {
        return "'e':'phase','phase':1,'name':'test','excuses':[" + excuses + "],'strictExcuses':[" + excuses + "]";
    }

    private static String run(String policy) {
        return "'e':'run','format':1,'seed':7,'server':'standalone','policy':'" + policy + "','mutant':''";
    }

    private void header(String excuses) {
        add(run("proceed"));
        add(phase(excuses));
    }

    private void add(String fields) {
        lines.add(fields);
    }

    private void message(String key, String payload) {
        add("'e':'message','phase':1,'key':'" + key + "','payload':'" + payload + "','scope':'work'");
    }

    private void deliver(int call, String key, String payload, String worker) {
        add("'e':'deliver','call':" + call + ",'key':'" + key + "','payload':'" + payload
                + "','scope':'work','worker':'" + worker + "'");
    }

    private void begin(int call, String guard) {
        add("'e':'begin','call':" + call + ",'guard':'" + guard + "'");
    }

    private void done(int call, String value) {
        add("'e':'done','call':" + call + ",'value':'" + value + "'");
    }

    private void threw(int call) {
        add("'e':'threw','call':" + call);
    }

    private void answer(int call, String answer, String value) {
        add("'e':'answer','call':" + call + ",'answer':'" + answer + "','value':'" + value + "'");
    }

    private void ack(int call) {
        add("'e':'ack','call':" + call);
    }

    private void worker(String name, String state) {
        add("'e':'worker','worker':'" + name + "','state':'" + state + "'");
    }

    private void body(int call, String worker, String guard) {
        deliver(call, "k", "p", worker);
        begin(call, guard);
        done(call, "v" + call);
        answer(call, "ran", "v" + call);
    }

    private void phaseEnd() {
        add("'e':'phase-end','phase':1");
    }

    /** One key: its body runs, a duplicate gets its value, and another payload is a conflict. */
    private void rightHistory() {
        header("");
        worker("w0.1", "started");
        message("k", "p");
        body(1, "w0.1", "guarded");
        ack(1);
        deliver(2, "k", "p", "w1.1");
        answer(2, "duplicate", "v1");
        message("k", "other");
        deliver(3, "k", "other", "w1.1");
        answer(3, "conflict", "");
        ack(3);
        phaseEnd();
    }

    private List<String> whole() {
        List<String> whole = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            whole.add("{'at':" + 1000 * i + "," + lines.get(i) + "}");
        }
        whole.add("{'at':" + 1000 * lines.size() + ",'e':'end','events':" + lines.size() + "}");
        whole.replaceAll(line -> line.replace('\'', '"'));
        return whole;
    }

    private Judgement judge() {
        return Checker.judge(History.of(whole(), /* unfinished= */ false));
    }

    private void assertViolated(Property property) {
        Judgement judgement = judge();
        assertTrue(judgement.count(property) > 0, () -> judgement.json() + judgement.violations());
    }

    private void assertHolds(int duplicates) {
        Judgement judgement = judge();
        assertTrue(judgement.holds(), () -> judgement.json() + judgement.violations());
        assertEquals(duplicates, judgement.duplicates);
    }

    /** Replaces the only line that has such a text. */
    private void doctor(String from, String to) {
        int found = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(from)) {
                lines.set(i, lines.get(i).replace(from, to));
                found++;
            }
        }
        assertEquals(1, found, from);
    }

    @Test
    void findsNothingInAHistoryThatIsRight() {
        rightHistory();
        assertHolds(0);
        assertEquals(
                "{\"calls\":3,\"faults\":0,\"lost\":0,\"duplicates\":0,\"unexplained\":0,\"stuck\":0,\"badConflicts\":0,"
                        + "\"missedConflicts\":0,\"wrongValues\":0,\"wrongCounts\":0,\"openWhenClosed\":0,\"standingFences\":0,"
                        + "\"unrecovered\":0,\"seed\":7}",
                judge().json());
    }

    @Test
    @DisplayName("[P32] an acknowledgement that is missing leaves its message stuck")
    void lostAcknowledgement() {
        rightHistory();
        lines.remove("'e':'ack','call':1");
        assertViolated(Property.STUCK);
    }

    @Test
    @DisplayName("[P1] a duplicate without a body is lost")
    void lostBody() {
        header("");
        message("k", "p");
        deliver(1, "k", "p", "w0.1");
        answer(1, "duplicate", "");
        ack(1);
        phaseEnd();
        assertViolated(Property.LOST);
    }

    @Test
    @DisplayName("[P3] a body that runs again is unexplained")
    void doubleBody() {
        rightHistory();
        lines.remove(lines.size() - 1);
        body(4, "w1.1", "guarded");
        phaseEnd();
        assertViolated(Property.UNEXPLAINED);
    }

    @Test
    @DisplayName("[P11] a value that no body left is wrong")
    void wrongValue() {
        rightHistory();
        doctor("'answer':'duplicate','value':'v1'", "'answer':'duplicate','value':'v9'");
        assertViolated(Property.WRONG_VALUES);
    }

    @Test
    @DisplayName("[P8] a conflict that is answered as a duplicate is missed")
    void missedConflict() {
        rightHistory();
        doctor("'answer':'conflict','value':''", "'answer':'duplicate','value':'v1'");
        assertViolated(Property.MISSED_CONFLICTS);
    }

    @Test
    @DisplayName("[P8] another payload whose body runs is a missed conflict")
    void bodyOfAnotherPayload() {
        rightHistory();
        int answer = lines.indexOf("'e':'answer','call':3,'answer':'conflict','value':''");
        lines.set(answer, "'e':'answer','call':3,'answer':'ran','value':'v3'");
        lines.add(answer, "'e':'done','call':3,'value':'v3'");
        lines.add(answer, "'e':'begin','call':3,'guard':'guarded'");
        assertViolated(Property.MISSED_CONFLICTS);
    }

    @Test
    @DisplayName("[P9] a conflict may be answered before the body of the payload that was claimed first has begun")
    void conflictWithABodyThatBeginsLater() {
        header("");
        worker("w0.1", "started");
        worker("w1.1", "started");
        message("k", "p");
        deliver(1, "k", "p", "w0.1");
        message("k", "other");
        deliver(2, "k", "other", "w1.1");
        answer(1, "conflict", "");
        begin(2, "guarded");
        done(2, "v2");
        answer(2, "ran", "v2");
        ack(2);
        ack(1);
        phaseEnd();
        assertHolds(0);
    }

    @Test
    @DisplayName("[P9] a duplicate that is answered as a conflict is a bad one")
    void badConflict() {
        rightHistory();
        doctor("'answer':'duplicate','value':'v1'", "'answer':'conflict','value':''");
        assertViolated(Property.BAD_CONFLICTS);
    }

    @Test
    @DisplayName("[P30] a call that a living worker never answers is stuck")
    void stuckCall() {
        rightHistory();
        lines.remove(lines.size() - 1);
        deliver(4, "k", "p", "w1.1");
        phaseEnd();
        assertViolated(Property.STUCK);
    }

    @Test
    @DisplayName("[P4] a body that threw may run again")
    void bodyAfterAFailure() {
        header("");
        message("k", "p");
        deliver(1, "k", "p", "w0.1");
        begin(1, "guarded");
        threw(1);
        answer(1, "threw", "");
        body(2, "w0.1", "guarded");
        ack(2);
        phaseEnd();
        assertHolds(0);
    }

    @Test
    @DisplayName("[P6] a killed worker excuses its own calls, and no others")
    void killedWorker() {
        header("'killed'");
        message("k", "p");
        deliver(1, "k", "p", "w0.1");
        begin(1, "guarded");
        done(1, "v1");
        worker("w0.1", "killed");
        body(2, "w1.1", "guarded");
        ack(2);
        phaseEnd();
        assertHolds(1);
        doctor("'worker':'w0.1','state':'killed'", "'worker':'w2.1','state':'killed'");
        assertViolated(Property.UNEXPLAINED);
    }

    @Test
    void anExcuseThatThePhaseDoesNotHaveExcusesNothing() {
        header("");
        message("k", "p");
        deliver(1, "k", "p", "w0.1");
        begin(1, "guarded");
        done(1, "v1");
        worker("w0.1", "killed");
        body(2, "w1.1", "guarded");
        ack(2);
        phaseEnd();
        assertViolated(Property.UNEXPLAINED);
    }

    @Test
    void aCallThatRanUnguardedIsExcusedWhereThePolicyProceeds() {
        header("'unguarded'");
        message("k", "p");
        body(1, "w0.1", "unguarded");
        ack(1);
        body(2, "w1.1", "guarded");
        phaseEnd();
        assertHolds(1);
        lines.set(0, run("throw"));
        assertViolated(Property.OPEN_WHEN_CLOSED);
    }

    @Test
    @DisplayName("[P14] a former owner's value that comes back is wrong")
    void valueOfAFormerOwner() {
        header("'paused'");
        message("k", "p");
        deliver(1, "k", "p", "w0.1");
        begin(1, "guarded");
        worker("w0.1", "paused");
        body(2, "w1.1", "guarded");
        ack(2);
        worker("w0.1", "resumed");
        done(1, "v1");
        answer(1, "ran", "v1");
        deliver(3, "k", "p", "w1.1");
        answer(3, "duplicate", "v2");
        phaseEnd();
        assertHolds(1);
        doctor("'answer':'duplicate','value':'v2'", "'answer':'duplicate','value':'v1'");
        assertViolated(Property.WRONG_VALUES);
    }

    @Test
    @DisplayName("[P13] a record that was taken over says so")
    void standingFence() {
        header("'killed'");
        message("k", "p");
        deliver(1, "k", "p", "w0.1");
        begin(1, "guarded");
        worker("w0.1", "killed");
        body(2, "w1.1", "guarded");
        ack(2);
        add("'e':'record','key':'k','attempt':2");
        phaseEnd();
        assertHolds(0);
        doctor("'attempt':2", "'attempt':1");
        assertViolated(Property.STANDING_FENCES);
    }

    @Test
    @DisplayName("[P27] the line at the exit of a worker is compared with what it did")
    void wrongCounts() {
        rightHistory();
        add("'e':'counts','worker':'w1.1','new':0,'duplicate':1,'conflict':1,'unguarded':0");
        assertHolds(0);
        doctor("'duplicate':1,", "'duplicate':2,");
        assertViolated(Property.WRONG_COUNTS);
    }

    @Test
    void aBodyWithoutHeapOrStackThatCannotSayThatItBeginsMayHaveRunUnguarded() {
        header("'unguarded'");
        worker("w0.1", "started");
        message("k", "p");
        deliver(1, "k", "p", "w0.1");
        threw(1);
        answer(1, "error", "");
        deliver(2, "k", "p", "w0.1");
        answer(2, "error", "");
        body(3, "w0.1", "guarded");
        ack(3);
        phaseEnd();
        add("'e':'counts','worker':'w0.1','new':1,'duplicate':0,'conflict':0,'unguarded':2");
        assertHolds(0);
        doctor("'unguarded':2", "'unguarded':3");
        assertViolated(Property.WRONG_COUNTS);
    }

    @Test
    void aCallThatIsTriedAgainWhereTheStackEndsMayCountEachTime() {
        header("'unguarded'");
        worker("w0.1", "started");
        message("k", "p");
        deliver(1, "k", "p", "w0.1");
        add("'e':'tried','call':1,'times':2");
        begin(1, "guarded");
        done(1, "v1");
        answer(1, "ran", "v1");
        ack(1);
        phaseEnd();
        add("'e':'counts','worker':'w0.1','new':1,'duplicate':0,'conflict':0,'unguarded':2");
        assertHolds(0);
        doctor("'unguarded':2", "'unguarded':3");
        assertViolated(Property.WRONG_COUNTS);
    }

    @Test
    void refusesAHistoryThatIsCutOff() {
        rightHistory();
        List<String> whole = whole();
        for (int length = 0; length < whole.size(); length++) {
            List<String> cut = whole.subList(0, length);
            assertThrows(MalformedHistoryException.class, () -> History.of(cut, /* unfinished= */ false));
        }
    }

    @Test
    void refusesAHistoryInWhichALineIsMissing() {
        rightHistory();
        List<String> whole = whole();
        whole.remove(4);
        assertThrows(MalformedHistoryException.class, () -> History.of(whole, /* unfinished= */ false));
    }

    @Test
    void refusesAnUnknownEvent() {
        rightHistory();
        add("'e':'miracle'");
        MalformedHistoryException refusal = assertThrows(MalformedHistoryException.class, this::judge);
        assertTrue(refusal.getMessage().contains("miracle"), refusal::getMessage);
    }

    @Test
    void refusesWhatIsNoJson() {
        rightHistory();
        List<String> whole = whole();
        whole.set(3, whole.get(3).substring(5));
        assertThrows(MalformedHistoryException.class, () -> History.of(whole, /* unfinished= */ false));
    }
}

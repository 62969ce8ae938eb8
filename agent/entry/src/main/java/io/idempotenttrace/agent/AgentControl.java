package io.idempotenttrace.agent;

import io.idempotenttrace.bridge.CallsWithoutGuard;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.EffectiveSetting;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The running agent as operators see and switch it, whether or not anything annotated was seen yet. */
final class AgentControl implements AgentMBean {

    private final EngineHost host;
    private final Configuration configuration;
    private final String version;

    AgentControl(EngineHost host, Configuration configuration, String version) {
        this.host = host;
        this.configuration = configuration;
        this.version = version;
    }

    @Override
    public String getMode() {
        return host.mode();
    }

    @Override
    public void setMode(String mode) {
        switchTo(null, mode);
    }

    @Override
    public void switchMode(String scope, String mode) {
        if (scope == null) {
            throw new IllegalArgumentException("the scope is null; give its name, or set the attribute Mode for all");
        }
        switchTo(scope, mode);
    }

    /** Who switches the guard off leaves a trace. */
    private void switchTo(@Nullable String scope, String mode) {
        String before = host.mode(scope);
        String who = RemoteCaller.describe();
        host.setMode(scope, mode, who);
        String now = host.mode(scope);
        AgentLines.say("mode " + (scope == null ? "" : "of scope '" + scope + "' ") + "switched from " + before + " to "
                + (mode.equals(now) ? now : mode + ", which is " + now + ",") + " by JMX at "
                + Instant.now().truncatedTo(ChronoUnit.MILLIS) + ": " + who);
    }

    @Override
    public String[] getModes() {
        AgentEngine engine = host.startedEngine();
        return engine == null ? new String[0] : engine.modes().toArray(new String[0]);
    }

    @Override
    public String getState() {
        AgentEngine engine = host.startedEngine();
        if (host.mode().equals("off")) {
            return "off";
        }
        if (engine != null) {
            return engine.state();
        }
        String failure = host.failure();
        return failure == null ? AgentEngine.STARTING : AgentEngine.unguarded(failure);
    }

    @Override
    public BackgroundPart[] getBackground() {
        AgentEngine engine = host.startedEngine();
        return engine == null ? new BackgroundPart[0] : engine.background().toArray(new BackgroundPart[0]);
    }

    @Override
    public String getStore() {
        return configuration.usesRedis() ? "redis" : "memory";
    }

    @Override
    public EffectiveSetting[] getSettings() {
        return configuration.effective().toArray(new EffectiveSetting[0]);
    }

    @Override
    public MethodCounts[] getMethods() {
        AgentEngine engine = host.startedEngine();
        return engine == null ? new MethodCounts[0] : engine.methods().toArray(new MethodCounts[0]);
    }

    @Override
    public ScopeCounts[] getScopes() {
        AgentEngine engine = host.startedEngine();
        return engine == null ? new ScopeCounts[0] : engine.scopes().toArray(new ScopeCounts[0]);
    }

    @Override
    public long getStorePartsAway() {
        return figure(AgentEngine.Figure.STORE_PARTS_AWAY);
    }

    @Override
    public String[] explain() {
        AgentEngine engine = host.startedEngine();
        return engine == null ? new String[0] : engine.explain().toArray(new String[0]);
    }

    @Override
    public String[] verdicts(boolean showKeys) {
        AgentEngine engine = host.startedEngine();
        return engine == null ? new String[0] : engine.verdicts(showKeys).toArray(new String[0]);
    }

    @Override
    public String getVersion() {
        return version;
    }

    @Override
    public long getNew() {
        return count("new");
    }

    @Override
    public long getDuplicate() {
        return count("duplicate");
    }

    @Override
    public long getConflict() {
        return count("conflict");
    }

    @Override
    public long getInProgress() {
        return count("in-progress");
    }

    @Override
    public long getFailed() {
        return count("failed") + CallsWithoutGuard.COUNTED.refused();
    }

    @Override
    public long getUnguarded() {
        return count("unguarded") + CallsWithoutGuard.COUNTED.bodies();
    }

    @Override
    public long getHeldTooLong() {
        return figure(AgentEngine.Figure.HELD_TOO_LONG);
    }

    @Override
    public long getPendingUpdates() {
        return figure(AgentEngine.Figure.PENDING_UPDATES);
    }

    @Override
    public long getPendingBytes() {
        return figure(AgentEngine.Figure.PENDING_BYTES);
    }

    @Override
    public long getLostCompletions() {
        return figure(AgentEngine.Figure.LOST_COMPLETIONS);
    }

    @Override
    public long getUnacknowledgedCompletions() {
        return figure(AgentEngine.Figure.UNACKNOWLEDGED_COMPLETIONS);
    }

    @Override
    public long getRefusedCompletions() {
        return figure(AgentEngine.Figure.REFUSED_COMPLETIONS);
    }

    @Override
    public long getRecordBytes() {
        return figure(AgentEngine.Figure.RECORD_BYTES);
    }

    @Override
    public long getDroppedRecords() {
        return figure(AgentEngine.Figure.DROPPED_RECORDS);
    }

    @Override
    public long getUnreadableResults() {
        return figure(AgentEngine.Figure.UNREADABLE_RESULTS);
    }

    @Override
    public long getNewerRecords() {
        return figure(AgentEngine.Figure.NEWER_RECORDS);
    }

    private long figure(AgentEngine.Figure figure) {
        AgentEngine engine = host.startedEngine();
        return engine == null ? 0 : engine.figure(figure);
    }

    private long count(String ending) {
        AgentEngine engine = host.startedEngine();
        return engine == null ? 0 : engine.count(ending);
    }
}

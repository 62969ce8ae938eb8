package io.idempotenttrace.weaver;

import io.idempotenttrace.agent.AgentEngine;
import io.idempotenttrace.agent.BackgroundPart;
import io.idempotenttrace.config.OneLineJson;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.guard.GuardMode;
import io.idempotenttrace.core.guard.GuardModes;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The engine in words for operators. */
final class EngineState {

    private EngineState() {}

    /** @param problem why calls can't be guarded now; null if they can */
    static String of(GuardMode mode, @Nullable String problem) {
        if (mode == GuardMode.OFF) {
            return "off";
        }
        if (problem != null) {
            return AgentEngine.unguarded(problem);
        }
        return mode == GuardMode.OBSERVE ? "unguarded: mode=observe, every body runs" : "guarding";
    }

    /** The mode of all scopes, then of each that differs: one JSON object each. */
    static List<String> modes(GuardModes modes) {
        return modes.lines().stream().map(EngineState::mode).toList();
    }

    private static String mode(GuardModes.Line line) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("scope", line.scope().isEmpty() ? null : line.scope());
        members.put("mode", line.mode().word());
        members.put("source", line.source());
        members.put("who", line.who().isEmpty() ? null : line.who());
        return OneLineJson.of(members);
    }

    /** How each part does that works aside, sorted by name. */
    static List<BackgroundPart> background() {
        return BackgroundLoop.allFigures().stream()
                .sorted(Comparator.comparing(BackgroundLoop.Figures::name))
                .map(EngineState::part)
                .toList();
    }

    private static BackgroundPart part(BackgroundLoop.Figures figures) {
        Throwable failure = figures.lastFailure();
        return new BackgroundPart(
                figures.name(),
                figures.alive(),
                figures.rounds(),
                figures.lastRoundMillis(),
                figures.failures(),
                failure == null ? null : Printable.text(failure.toString()));
    }
}

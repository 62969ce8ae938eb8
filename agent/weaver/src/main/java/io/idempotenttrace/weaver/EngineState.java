package io.idempotenttrace.weaver;

import io.idempotenttrace.agent.AgentEngine;
import io.idempotenttrace.agent.BackgroundPart;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.guard.GuardMode;
import java.util.Comparator;
import java.util.List;
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

package io.idempotenttrace.core.guard;

import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.store.FleetMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which mode counts for the calls of each scope.
 *
 * <p>The problem: three people may ask for three modes. Who deploys the process does so by a setting, who operates the fleet by the command
 * {@code mode}, and who looks at this one process by JMX. A call must not pay for the answer.
 *
 * <p>The rule: JMX wins over the fleet, the fleet wins over the settings; what one of them says of a scope wins over what the same one says
 * of all. Each change is computed here, once, into the {@link ScopeMode} that the calls look at, and said with its source.
 *
 * <p>A switch may let calls run unguarded that {@code on-store-failure=throw} would refuse. That is what it is for, but never happens in
 * silence: the scope is named when it begins, and each such body is counted.
 *
 * <p>Safe for use by many threads.
 */
public final class GuardModes {

    /** Who says which mode counts, the weakest first. */
    public enum Source {
        SETTING("the settings"),
        FLEET("the fleet"),
        JMX("JMX");

        private final String named;

        Source(String named) {
            this.named = named;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Far more scopes than an application has; calls of what comes after them have the mode of all. */
    private static final int MOST_SCOPES = 4096;

    private static final String ALL = "";

    /**
     * What one source asks for.
     *
     * @param who for people; empty for a setting
     */
    private record Asked(GuardMode mode, Source source, String who) {}

    private final Consumer<String> log;
    private final ConcurrentHashMap<String, ScopeMode> scopes = new ConcurrentHashMap<>();
    private final ScopeMode all;

    /** Guarded by this, as what follows. */
    private Function<String, GuardMode> settings;

    private Map<String, FleetMode> board = Map.of();
    private final Map<String, Asked> fleet = new TreeMap<>();
    private final Map<String, Asked> jmx = new TreeMap<>();
    private boolean closed;

    /**
     * @param settings the mode that the settings give a scope; the empty text stands for all
     * @param log told of each change that is not the caller's own
     */
    public GuardModes(Function<String, GuardMode> settings, Consumer<String> log) {
        this.settings = settings;
        this.log = log;
        all = new ScopeMode(ALL, settings.apply(ALL), /* switched= */ false);
    }

    /** One mode for all, until it is switched. */
    GuardModes(GuardMode mode) {
        this(scope -> mode, line -> {});
    }

    /** What counts for scopes that have none of their own. */
    public ScopeMode all() {
        return all;
    }

    /**
     * The mode of a scope.
     *
     * @param refuses whether its calls are refused where they can't be guarded
     */
    public ScopeMode of(String scope, boolean refuses) {
        ScopeMode known = scopes.get(scope);
        if (known == null) {
            known = add(scope);
        }
        if (refuses && !known.refuses()) {
            known.markRefusing();
            synchronized (this) {
                warnIfUnguarded(known);
            }
        }
        return known;
    }

    /** The mode that counts for a scope, whether or not it has calls; the empty text stands for all. */
    public synchronized GuardMode mode(String scope) {
        return closed ? GuardMode.OFF : asked(scope).mode;
    }

    private synchronized ScopeMode add(String scope) {
        if (scopes.size() >= MOST_SCOPES) {
            return all;
        }
        return scopes.computeIfAbsent(scope, name -> {
            Asked asked = asked(name);
            return new ScopeMode(name, closed ? GuardMode.OFF : asked.mode, !closed && asked.source != Source.SETTING);
        });
    }

    private Asked asked(String scope) {
        for (Map<String, Asked> source : List.of(jmx, fleet)) {
            Asked own = source.get(scope);
            Asked asked = own != null ? own : source.get(ALL);
            if (asked != null) {
                return asked;
            }
        }
        return new Asked(settings.apply(scope), Source.SETTING, "");
    }

    /**
     * Somebody has switched this process; the caller says who.
     *
     * @param scope empty for all
     * @param mode null to leave it to the fleet and the settings again
     */
    public synchronized void byJmx(String scope, @Nullable GuardMode mode, String who) {
        if (mode == null) {
            jmx.remove(scope);
        } else {
            jmx.put(scope, new Asked(mode, Source.JMX, who));
        }
        apply();
    }

    /** What the fleet is asked for now, by scope; the empty text stands for all. */
    public synchronized void byFleet(Map<String, FleetMode> asked) {
        if (asked.equals(board)) {
            return;
        }
        Map<String, FleetMode> before = board;
        board = asked;
        Set<String> changed = new TreeSet<>(before.keySet());
        changed.addAll(asked.keySet());
        changed.removeIf(scope -> Objects.equals(before.get(scope), asked.get(scope)));
        Map<String, Asked> counted = new LinkedHashMap<>();
        // All of them first: what all scopes are asked for counts for each.
        changed.forEach(scope -> counted.put(scope, asked(scope)));
        changed.forEach(scope -> take(scope, asked.get(scope)));
        counted.forEach((scope, old) -> say(scope, asked.get(scope), old, asked(scope)));
        apply();
    }

    private void take(String scope, @Nullable FleetMode asked) {
        GuardMode mode = asked == null ? null : known(asked.mode());
        if (asked == null || mode == null) {
            fleet.remove(scope);
        } else {
            fleet.put(scope, new Asked(mode, Source.FLEET, asked.who()));
        }
    }

    /** The mode of that word; null if this version knows none. */
    public static @Nullable GuardMode known(String word) {
        for (GuardMode mode : GuardMode.values()) {
            if (mode.word().equals(word)) {
                return mode;
            }
        }
        return null;
    }

    private void say(String scope, @Nullable FleetMode asked, Asked before, Asked now) {
        String of = scope.isEmpty() ? "" : " of scope '" + Printable.text(scope) + "'";
        String by = asked == null
                ? "the fleet, which no longer asks for one"
                : "the fleet at " + Printable.text(asked.when()) + ": " + Printable.text(asked.who());
        if (asked != null && known(asked.mode()) == null) {
            log.accept("the fleet asks for the mode '" + Printable.text(asked.mode()) + "'" + of
                    + ", which this version does not know; mode=" + now.mode.word() + " counts here");
        } else if (now.mode != before.mode) {
            log.accept("mode" + of + " switched from " + before.mode.word() + " to " + now.mode.word() + " by " + by);
        } else if (asked != null && now.source == Source.JMX) {
            log.accept("the fleet asks for mode=" + asked.mode() + of + " at " + Printable.text(asked.when()) + ": "
                    + Printable.text(asked.who()) + "; mode=" + now.mode.word() + ", switched by JMX, counts here");
        } else {
            log.accept("mode" + of + " stays " + now.mode.word() + ", now by " + now.source.named
                    + (asked == null ? "" : " (" + Printable.text(asked.who()) + ")"));
        }
    }

    /** The settings say another mode, for all scopes. */
    synchronized void setting(GuardMode mode) {
        settings = scope -> mode;
        apply();
    }

    private void apply() {
        if (closed) {
            return;
        }
        apply(all);
        scopes.values().forEach(this::apply);
    }

    private void apply(ScopeMode scope) {
        Asked asked = asked(scope.scope());
        boolean bySwitch = asked.source != Source.SETTING;
        boolean sameAsBefore = asked.mode == scope.mode() && bySwitch == scope.isSwitched();
        scope.set(asked.mode, bySwitch);
        if (!sameAsBefore) {
            warnIfUnguarded(scope);
        }
    }

    private void warnIfUnguarded(ScopeMode scope) {
        if (scope.refuses() && scope.isSwitched() && scope.mode() != GuardMode.ENFORCE) {
            Asked asked = asked(scope.scope());
            log.accept("calls of scope '" + Printable.text(scope.scope()) + "' run unguarded while mode="
                    + scope.mode().word() + " (by " + asked.source.named + ": " + Printable.text(asked.who)
                    + "), also those that on-store-failure=throw would refuse; they are counted");
        }
    }

    /**
     * One line of what counts.
     *
     * @param scope empty for all
     * @param source {@code setting}, {@code fleet} or {@code jmx}
     * @param who empty where the source is a setting
     */
    public record Line(String scope, GuardMode mode, String source, String who) {}

    /** What counts, for all and for each scope that differs from that or was asked for by name. */
    public synchronized List<Line> lines() {
        Set<String> names = new TreeSet<>(scopes.keySet());
        names.addAll(fleet.keySet());
        names.addAll(jmx.keySet());
        names.remove(ALL);
        Asked ofAll = asked(ALL);
        List<Line> lines = new ArrayList<>();
        lines.add(line(ALL, ofAll));
        for (String name : names) {
            Asked asked = asked(name);
            if (!asked.equals(ofAll)) {
                lines.add(line(name, asked));
            }
        }
        return lines;
    }

    private static Line line(String scope, Asked asked) {
        return new Line(scope, asked.mode, asked.source.text(), asked.who);
    }

    /** From now on, no call is guarded. */
    synchronized void close() {
        closed = true;
        all.set(GuardMode.OFF, /* bySwitch= */ false);
        scopes.values().forEach(scope -> scope.set(GuardMode.OFF, /* bySwitch= */ false));
    }
}

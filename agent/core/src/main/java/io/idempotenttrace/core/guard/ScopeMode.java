package io.idempotenttrace.core.guard;

/**
 * The mode of the calls of one scope, as it counts now: what each call looks at, for the price of reading a volatile field. {@link GuardModes}
 * changes it. Safe for use by many threads.
 */
public final class ScopeMode {

    private final String scope;
    private volatile GuardMode mode;
    private volatile boolean switched;
    /** Whether some of its methods refuse calls that can't be guarded. */
    private volatile boolean refuses;

    ScopeMode(String scope, GuardMode mode, boolean switched) {
        this.scope = scope;
        this.mode = mode;
        this.switched = switched;
    }

    /** As settings name it; empty for what all scopes have that have none of their own. */
    public String scope() {
        return scope;
    }

    public GuardMode mode() {
        return mode;
    }

    /** Whether somebody has switched it in a process that runs: then what it lets through unguarded is counted. */
    public boolean isSwitched() {
        return switched;
    }

    void set(GuardMode changed, boolean bySwitch) {
        // A call that sees the mode also sees whether it counts.
        switched = bySwitch;
        mode = changed;
    }

    boolean refuses() {
        return refuses;
    }

    void markRefusing() {
        refuses = true;
    }
}

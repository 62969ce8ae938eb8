package io.idempotenttrace.cli;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Durations;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.operate.RecordFilter;
import org.jspecify.annotations.Nullable;

/** Which records the options mean. */
final class Filters {

    private Filters() {}

    /** Those of the tenant and scope that were asked for; all of them where none was. */
    static RecordFilter of(StoreOptions options, Configuration configuration) {
        String scope = options.scope();
        return RecordFilter.of(
                options.tenant(), scope == null ? null : configuration.recordScope(scope), options.shared());
    }

    /**
     * A span of time, as settings have it.
     *
     * @return 0 where none was given
     * @throws WrongUseException if it is none
     */
    static long millis(String option, @Nullable String time) {
        long millis = time == null ? 0 : Durations.parseMillis(time.strip());
        if (time != null && millis <= 0) {
            throw new WrongUseException(option + " '" + Printable.text(time)
                    + "' is no span of time; give one such as 90s, 1m, 24h or 7d, and at most " + Durations.LONGEST);
        }
        return millis;
    }
}

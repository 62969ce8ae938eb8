package io.idempotenttrace.core.operate;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.open.OperatedStores;
import io.idempotenttrace.core.operate.Finding.Result;
import java.util.ArrayList;
import java.util.List;

/** Examines servers of tests. */
final class Examinations {

    private Examinations() {}

    /** What is found with that result. */
    static List<Finding> findings(String url, Result result) {
        return findings(Configuration.defaults().with(Setting.REDIS_URL, url).with(Setting.CONNECT_TIMEOUT, "30s"))
                .stream()
                .filter(finding -> finding.result() == result)
                .toList();
    }

    static List<Finding> findings(Configuration configuration) {
        List<Finding> findings = new ArrayList<>();
        OperatedStores.examine(
                configuration.with(Setting.COMMAND_TIMEOUT, "30s"), RecordFilter.of(null, null, false), findings::add);
        return findings;
    }

    /** The checks with that result, each once. */
    static List<String> checks(String url, Result result) {
        return findings(url, result).stream()
                .map(Finding::check)
                .distinct()
                .sorted()
                .toList();
    }
}

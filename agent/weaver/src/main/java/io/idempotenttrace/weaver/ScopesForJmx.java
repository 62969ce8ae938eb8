package io.idempotenttrace.weaver;

import io.idempotenttrace.agent.MethodCounts;
import io.idempotenttrace.agent.ScopeCounts;
import io.idempotenttrace.core.guard.GuardFigures;
import io.idempotenttrace.core.guard.TimeHistogram;
import java.util.ArrayList;
import java.util.List;

/** The figures of scopes in the entry's own type, of which JMX makes tables. */
final class ScopesForJmx {

    private ScopesForJmx() {}

    static List<ScopeCounts> of(GuardFigures figures) {
        List<ScopeCounts> all = new ArrayList<>();
        for (GuardFigures.OfScope scope : figures.scopes()) {
            long answers = 0;
            double storeSeconds = 0;
            for (TimeHistogram.Snapshot times : scope.storeTimes().values()) {
                answers += times.count();
                storeSeconds += times.sumSeconds();
            }
            long[] calls =
                    scope.calls().values().stream().mapToLong(Long::longValue).toArray();
            all.add(new ScopeCounts(
                    scope.scope(),
                    new MethodCounts(scope.scope(), calls),
                    new long[] {
                        scope.waits().count(),
                        answers,
                        scope.storeFailures(),
                        scope.cacheHits(),
                        scope.lateRenewals(),
                        scope.held()
                    },
                    new double[] {scope.waits().sumSeconds(), storeSeconds, scope.oldestHeldSeconds()}));
        }
        return all;
    }
}

package io.idempotenttrace.weaver.async;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The rules of Reactive Streams, on publishers of each library that is guarded. Much of a rule is to see that no signal comes: they wait side by side. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("matrix")
@Timeout(600)
class ReactiveStreamsTckIT {

    @TestFactory
    Stream<DynamicTest> guardedPublishersOfEachLibraryKeepTheRules() {
        return Stream.of(ReactiveStreamsTck.Kind.values())
                .flatMap(kind -> Stream.of(false, true)
                        .flatMap(replayed -> Stream.of(false, true)
                                .flatMap(later -> ReactiveStreamsTck.tests(kind, replayed, later))));
    }
}

package io.idempotenttrace.weaver.async;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** The rules of Reactive Streams, on publishers of each library that is guarded. */
@Tag("matrix")
@Timeout(600)
class ReactiveStreamsTckIT {

    @TestFactory
    Stream<DynamicTest> guardedPublishersOfEachLibraryKeepTheRules() {
        return Stream.of(ReactiveStreamsTck.Kind.values())
                .flatMap(kind -> Stream.of(false, true)
                        .flatMap(replayed -> Stream.of(false, true)
                                .flatMap(later -> new ReactiveStreamsTck(kind, replayed, later).tests())));
    }
}

package io.idempotenttrace.weaver.async;

import java.lang.invoke.MethodHandles;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;

/** Which return types promise a value for later, and how each is guarded. */
public final class AsyncTypes {

    private static final Set<String> PUBLISHERS = Set.of(ReactorPublishers.MONO, ReactorPublishers.FLUX, MutinyPublishers.UNI,
            MutinyPublishers.MULTI, RxPublishers.PACKAGE + "Single", RxPublishers.PACKAGE + "Maybe", RxPublishers.PACKAGE + "Completable",
            RxPublishers.PACKAGE + "Flowable", RxPublishers.PACKAGE + "Observable", Flow.Publisher.class.getName());
    private static final Set<String> FUTURES = Set.of(CompletionStage.class.getName(), CompletableFuture.class.getName(),
            Future.class.getName(), ListenableFutures.DECLARED, VertxFutures.DECLARED);
    /** What any async type is one of. */
    private static final Set<String> ROOTS = Set.of(CompletionStage.class.getName(), Future.class.getName(),
            Flow.Publisher.class.getName(), "org.reactivestreams.Publisher", VertxFutures.DECLARED, MutinyPublishers.UNI, RxPublishers.PACKAGE + "Single",
            RxPublishers.PACKAGE + "Maybe", RxPublishers.PACKAGE + "Completable", RxPublishers.PACKAGE + "Observable");

    private AsyncTypes() {
    }

    /** Whether a type of that name is guarded until the end of what it promises. The application's own futures are as well. */
    public static boolean isKnown(String declared) {
        return FUTURES.contains(declared) || PUBLISHERS.contains(declared);
    }

    /** How the type's futures are guarded; null if it is none. */
    public static FutureShape future(Class<?> declared, MethodHandles.Lookup caller) {
        if (declared == Future.class) {
            return new PlainFutures();
        }
        if (declared == CompletionStage.class || CompletableFuture.class.isAssignableFrom(declared)) {
            return new Stages(declared, caller);
        }
        if (declared.getName().equals(ListenableFutures.DECLARED)) {
            return new ListenableFutures(declared);
        }
        return declared.getName().equals(VertxFutures.DECLARED) ? new VertxFutures(declared) : null;
    }

    /** How the type's publishers are guarded; null if it is none. */
    public static PublisherShape publisher(Class<?> declared) {
        String name = declared.getName();
        if (declared == Flow.Publisher.class) {
            return new FlowPublishers();
        }
        if (!PUBLISHERS.contains(name)) {
            return null;
        }
        return name.startsWith(RxPublishers.PACKAGE) ? new RxPublishers(declared)
                : name.equals(MutinyPublishers.UNI) || name.equals(MutinyPublishers.MULTI) ? new MutinyPublishers(declared)
                : new ReactorPublishers(declared);
    }

    /** Whether the type is a kind of future or publisher: where it is not known, its methods must not be taken for ended. */
    public static boolean isAsync(Class<?> declared) {
        return ROOTS.stream().anyMatch(root -> SuperTypes.named(root, declared) != null);
    }
}

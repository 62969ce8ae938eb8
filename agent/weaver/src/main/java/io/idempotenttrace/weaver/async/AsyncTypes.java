package io.idempotenttrace.weaver.async;

import io.idempotenttrace.core.classfile.SuperTypes;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which return types promise a value for later, and how each is guarded. */
public final class AsyncTypes {

    /** Cold publishers, each of whose subscriptions is a call. */
    private static final Set<String> LIBRARY_PUBLISHERS = Stream.concat(
                    Stream.of(
                            ReactorPublishers.MONO,
                            ReactorPublishers.FLUX,
                            MutinyPublishers.UNI,
                            MutinyPublishers.MULTI),
                    Stream.of("io.reactivex.", "io.reactivex.rxjava3.core.")
                            .flatMap(core -> Stream.of("Single", "Maybe", "Completable", "Flowable", "Observable")
                                    .map(core::concat)))
            .collect(Collectors.toUnmodifiableSet());

    private static final String FLOW = Flow.Publisher.class.getName();

    private AsyncTypes() {}

    /** @param to is told of what the application's futures do that keeps the agent from seeing their ends */
    public static void reportTo(Consumer<String> to) {
        FuturePoll.reportTo(to);
    }

    /** Whether a type of that name is guarded until the end of what it promises. The application's own futures are as well. */
    public static boolean isKnown(String declared) {
        return LIBRARY_PUBLISHERS.contains(declared)
                || declared.equals(FLOW)
                || declared.equals(StreamPublishers.DECLARED)
                || declared.equals(KotlinFlows.DECLARED)
                || declared.equals(CompletableFuture.class.getName())
                || ObservedFutures.isRoot(declared);
    }

    /** Whether a type of that name, and each below it, is a future whose end is seen. */
    public static boolean isFuture(String name) {
        return ObservedFutures.isRoot(name);
    }

    /** How the type's futures are guarded; null if it is none. */
    public static @Nullable FutureShape future(Class<?> declared, MethodHandles.Lookup caller) {
        return ForeignFutures.of(ofDeclared(declared, caller));
    }

    private static @Nullable FutureShape ofDeclared(Class<?> declared, MethodHandles.Lookup caller) {
        if (declared == Future.class) {
            return new PlainFutures();
        }
        if (declared == CompletionStage.class || CompletableFuture.class.isAssignableFrom(declared)) {
            return new Stages(declared, caller);
        }
        return ObservedFutures.ofDeclared(declared);
    }

    /** How the end of a future of that class is learnt, whatever its method declares; null if it is none. */
    static @Nullable FutureShape futureAtRunTime(Class<?> type) {
        return ForeignFutures.of(ObservedFutures.of(type));
    }

    /**
     * How the type's publishers are guarded; null if it is none, or one of which the agent can make no other.
     *
     * @param report is told once what a method returned whose end can't be seen
     */
    public static @Nullable PublisherShape publisher(
            Class<?> declared, MethodHandles.Lookup caller, Consumer<String> report) {
        return ForeignPublishers.of(ofDeclared(declared, caller, report));
    }

    private static @Nullable PublisherShape ofDeclared(
            Class<?> declared, MethodHandles.Lookup caller, Consumer<String> report) {
        if (declared.getName().equals(KotlinFlows.DECLARED)) {
            return new KotlinFlows(declared, caller, report);
        }
        if (declared == Flow.Publisher.class) {
            return new FlowPublishers();
        }
        if (LIBRARY_PUBLISHERS.contains(declared.getName())) {
            return libraryPublisher(declared);
        }
        boolean streams = SuperTypes.named(StreamPublishers.DECLARED, declared) != null && isSubscribeAlone(declared);
        return streams ? new StreamPublishers(declared) : null;
    }

    /** Whether the end of what a method returns that declares the type is seen: as a future, or by guarding it as a publisher. */
    public static boolean isObserved(Class<?> declared) {
        return ObservedFutures.of(declared) != null
                || declared == Flow.Publisher.class
                || LIBRARY_PUBLISHERS.contains(declared.getName())
                || declared.getName().equals(KotlinFlows.DECLARED)
                || SuperTypes.named(StreamPublishers.DECLARED, declared) != null && isSubscribeAlone(declared);
    }

    /** The type among the declared one's super types, or itself, whose only parameter is the value that its futures bring. */
    public static Class<?> valueCarrier(Class<?> declared) {
        return ObservedFutures.root(declared);
    }

    private static PublisherShape libraryPublisher(Class<?> declared) {
        String name = declared.getName();
        return RxLibrary.of(name) != null
                ? new RxPublishers(declared)
                : name.equals(MutinyPublishers.UNI) || name.equals(MutinyPublishers.MULTI)
                        ? new MutinyPublishers(declared)
                        : new ReactorPublishers(declared);
    }

    /** Whether an instance of the interface is made by its method subscribe alone. */
    private static boolean isSubscribeAlone(Class<?> declared) {
        List<Method> open = declared.isInterface()
                ? Stream.of(declared.getMethods())
                        .filter(method -> Modifier.isAbstract(method.getModifiers()))
                        .toList()
                : List.of();
        return !open.isEmpty()
                && open.stream().allMatch(method -> method.getName().equals("subscribe"));
    }

    /**
     * How a cold publisher of that class is guarded by its library's operators, whatever its method declares. Null if it is none, or if
     * its class is one that somebody may know it by, such as ConnectableFlux: what the operators make is none of it.
     */
    static @Nullable PublisherShape publisherAtRunTime(Class<?> type) {
        return RunTimePublishers.of(type);
    }

    /** The shape of the library that the class belongs to, asked for once a class. */
    private static final class RunTimePublishers {

        /** Public, and the base of classes that are not. */
        private static final Set<String> BASES =
                Set.of("reactor.core.publisher.MonoOperator", "reactor.core.publisher.FluxOperator");

        private static final ClassValue<PublisherShape> OF_CLASS = new ClassValue<>() {
            @Override
            protected @Nullable PublisherShape computeValue(Class<?> type) {
                Class<?> root = root(type);
                try {
                    return root == null || isKnownByItsOwnName(type, root)
                            ? null
                            : ForeignPublishers.of(libraryPublisher(root));
                } catch (RuntimeException | LinkageError e) {
                    // A version without those methods, or of which a class is missing.
                    return null;
                }
            }
        };

        private static @Nullable Class<?> root(Class<?> type) {
            for (String name : LIBRARY_PUBLISHERS) {
                Class<?> found = SuperTypes.named(name, type);
                if (found != null) {
                    return found;
                }
            }
            return null;
        }

        static @Nullable PublisherShape of(Class<?> type) {
            return OF_CLASS.get(type);
        }

        private static boolean isKnownByItsOwnName(Class<?> type, Class<?> root) {
            if (SuperTypes.named("org.reactivestreams.Subscriber", type) != null
                    || SuperTypes.named(Flow.Subscriber.class.getName(), type) != null) {
                return true;
            }
            for (Class<?> current = type;
                    current != null && current != root && current != Object.class;
                    current = current.getSuperclass()) {
                String name = current.getName();
                boolean internal = name.contains(".internal.")
                        || name.startsWith("io.smallrye.mutiny.operators.")
                        || name.startsWith("io.smallrye.mutiny.helpers.")
                        || BASES.contains(name)
                        || name.startsWith(root.getName());
                if (!internal
                        && (Modifier.isPublic(current.getModifiers())
                                || !current.getPackageName().equals(root.getPackageName()))) {
                    return true;
                }
            }
            return false;
        }
    }
}

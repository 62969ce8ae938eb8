package io.idempotenttrace.weaver.async;

import io.idempotenttrace.core.classfile.SuperTypes;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the end of a future is learnt from its class: by the library that it belongs to, whatever the method that returns it declares.
 * Decided once for a class.
 */
final class ObservedFutures {

    /** @param root a class or interface of the library, by whose name its futures are known */
    private record Library(String root, Function<Class<?>, FutureShape> shape) {}

    /** A class may belong to several: the first counts. Those that are futures of the JDK's as well come before it. */
    private static final List<Library> LIBRARIES = List.of(
            new Library(CompletionStage.class.getName(), root -> new Stages()),
            new Library(SettableFutures.GUAVA, SettableFutures::guava),
            new Library(SettableFutures.GOOGLE_API, SettableFutures::googleApi),
            new Library(SpringListenables.DECLARED, SpringListenables::new),
            new Library(NettyFutures.DECLARED, NettyFutures::new),
            new Library(VertxFutures.DECLARED, VertxFutures::new),
            new Library(ScalaFutures.DECLARED, ScalaFutures::new),
            new Library(VavrFutures.DECLARED, VavrFutures::new),
            new Library(ResultCodes.DECLARED, ResultCodes::new),
            new Library(DeferredResults.DECLARED, DeferredResults::new),
            new Library(KotlinJobs.DEFERRED, KotlinJobs::deferred),
            new Library(KotlinJobs.JOB, KotlinJobs::job),
            new Library(Future.class.getName(), root -> new PolledFutures()));

    /** Held by the class itself, whose library it is. */
    private static final ClassValue<FutureShape> OF_CLASS = new ClassValue<>() {
        @Override
        protected @Nullable FutureShape computeValue(Class<?> type) {
            for (Library library : LIBRARIES) {
                Class<?> root = SuperTypes.named(library.root, type);
                if (root != null) {
                    try {
                        return library.shape.apply(root);
                    } catch (RuntimeException | LinkageError e) {
                        // A version without those methods, or of which a class is missing: it may be a future of the
                        // JDK's as well.
                    }
                }
            }
            return null;
        }
    };

    private ObservedFutures() {}

    /** Null for a class that is no future, and for one of a library's version that lacks what is needed. */
    static @Nullable FutureShape of(Class<?> type) {
        return OF_CLASS.get(type);
    }

    /** The type by which the class is known as a future; the class itself if it is none. */
    static Class<?> root(Class<?> type) {
        // Of those that are futures of the JDK's as well, its parameter is the value too.
        if (Future.class.isAssignableFrom(type)) {
            return Future.class;
        }
        for (Library library : LIBRARIES) {
            Class<?> root = SuperTypes.named(library.root, type);
            if (root != null) {
                return root;
            }
        }
        return type;
    }

    /** Whether a type of that name is the root of a library's futures. */
    static boolean isRoot(String name) {
        return LIBRARIES.stream().anyMatch(library -> library.root.equals(name));
    }

    /** As {@link #of}, for a declared type: what is made in the place of a future is of that type, or nothing is made. */
    static @Nullable FutureShape ofDeclared(Class<?> declared) {
        FutureShape shape = of(declared);
        return shape == null ? null : new OfDeclared(shape, declared);
    }

    /** Futures of a type below the one that the library makes. */
    private record OfDeclared(FutureShape library, Class<?> declared) implements FutureShape {

        @Override
        public boolean isDone(Object future) {
            return library.isDone(future);
        }

        @Override
        public void onEnd(Object future, BiConsumer<Object, Throwable> then) {
            library.onEnd(future, then);
        }

        @Override
        public @Nullable Object incomplete(@Nullable Object like) {
            Object made = library.incomplete(like);
            return declared.isInstance(made) ? made : null;
        }

        @Override
        public void begin(Object source) {
            library.begin(source);
        }

        @Override
        public boolean valueless() {
            return library.valueless();
        }

        @Override
        public void end(Object made, @Nullable Object value, @Nullable Throwable failure) {
            library.end(made, value, failure);
        }

        @Override
        public boolean hasTimedOut(Object given) {
            return library.hasTimedOut(given);
        }

        @Override
        public void pass(Object given, @Nullable Object value, @Nullable Throwable failure, Object source) {
            library.pass(given, value, failure, source);
        }
    }
}

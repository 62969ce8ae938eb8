package io.idempotenttrace.weaver.async;

import io.idempotenttrace.weaver.application.ApplicationCode;
import io.idempotenttrace.weaver.application.EngineRights;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Futures of the application as the engine handles them: whoever asks one for its state, makes another or adds a listener runs the
 * application's code (a class may override each of these), and the listener is called by the application. To end a future, or to pass its
 * end on, is a part of the application's own work: what hangs on it are its callbacks.
 */
record ForeignFutures(FutureShape library) implements FutureShape {

    /** Null for no shape. */
    static @Nullable FutureShape of(@Nullable FutureShape library) {
        return library == null ? null : new ForeignFutures(library);
    }

    /** False for one that can't say: {@link #onEnd} makes that its end. */
    @Override
    public boolean isDone(Object future) {
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            return library.isDone(future);
        } catch (Throwable broken) {
            return false;
        } finally {
            door[0] = before;
        }
    }

    /** Throws nothing. A future that takes no listener has failed, as far as anybody will see. */
    @Override
    public void onEnd(Object future, BiConsumer<Object, Throwable> then) {
        BiConsumer<Object, Throwable> listener = EngineRights.listener(then);
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            library.onEnd(future, listener);
        } catch (Throwable broken) {
            listener.accept(null, broken);
        } finally {
            door[0] = before;
        }
    }

    @Override
    public @Nullable Object incomplete(@Nullable Object like) {
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            return library.incomplete(like);
        } catch (Throwable broken) {
            return null;
        } finally {
            door[0] = before;
        }
    }

    @Override
    public boolean valueless() {
        return library.valueless();
    }

    @Override
    public void begin(Object source) {
        library.begin(source);
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

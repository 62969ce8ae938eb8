package io.idempotenttrace.core.redisclient;

/**
 * A connection of its own to one server, which tells over it of each change of a key that was read over it (client-side caching, RESP3).
 * The client reconnects it by itself, and asks for this again. Safe for use by many threads.
 */
public interface TrackedReads {

    /** Who wants to know of the changes. Called on the connection's own thread, so that no reply overtakes a change that came before it. */
    interface Listener {

        /**
         * The server tells of changes from now on.
         *
         * @param from the connection that it tells by
         */
        void tracking(TrackedReads from);

        /**
         * The server does not tell of changes, or no longer.
         *
         * @param from the connection that is gone or was refused this; another one may be in use by now
         */
        void notTracking(TrackedReads from);

        /** The key was changed. */
        void changed(byte[] key);

        /** Any key may have been changed: FLUSHALL, FLUSHDB. */
        void changedAll();
    }

    /** Asks the server to tell of changes; it is asked again by itself after each reconnect. */
    void track();

    /** Commands over this connection. */
    ServerCommands commands();

    /** Whether it was closed from this side, and so does not come back. */
    boolean isClosed();

    /** Closes the connection, without waiting for it. */
    void close();
}

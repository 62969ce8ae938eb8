package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.store.FleetBoard;
import io.idempotenttrace.core.store.FleetMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The board in Redis. It is asked over the connection that calls use, with a command that needs no right which they do not need. */
final class RedisFleetBoard implements FleetBoard {

    private final ScriptRunner scripts;
    private final Holder holder;
    private final byte[] modes;
    private final byte[] watched;
    private final byte[] figures;
    /** Whether there was a connection to ask by. */
    private volatile boolean wasConnected;

    RedisFleetBoard(ScriptRunner scripts, Holder holder) {
        this.scripts = scripts;
        this.holder = holder;
        String prefix = scripts.names().prefix();
        modes = ModeRecord.nameOf(prefix);
        watched = FigureRecord.watched(prefix);
        figures = FigureRecord.figures(prefix);
    }

    @Override
    public String process() {
        return holder.hostAndPid();
    }

    @Override
    public String version() {
        return holder.version();
    }

    @Override
    public @Nullable Map<String, FleetMode> modes() {
        List<Object> reply = ask("HGETALL", modes);
        return reply == null ? null : ModeRecord.read(reply);
    }

    @Override
    public boolean isWatched() {
        List<Object> reply = ask("PTTL", watched);
        return reply != null && reply.get(0) instanceof Long left && left > 0;
    }

    @Override
    public void tell(String line) {
        ask("HSET", figures, Wtf8.encode(process()), Wtf8.encode(line));
        ask("PEXPIRE", figures, ScriptArguments.number(FigureRecord.FIGURES_MILLIS));
    }

    /**
     * Null while there is no connection. While no calls come, nobody else notices that the one connection is dead, nor opens another one where
     * the first attempt to replace it failed: so this does both, and the call that comes next finds one that answers.
     */
    private @Nullable List<Object> ask(String command, byte[] key, byte[]... arguments) {
        RedisLink link = scripts.connector().link();
        if (link == null) {
            if (wasConnected) {
                scripts.connector().begin();
            }
            return null;
        }
        wasConnected = true;
        CompletableFuture<List<Object>> reply =
                link.commandsToPrimaryOf(key).thenCompose(server -> server.onKey(command, key, arguments));
        return scripts.await(command.toLowerCase(Locale.ROOT), link, reply);
    }
}

package io.idempotenttrace.cli;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.ConfigurationException;
import io.idempotenttrace.core.operate.OperatedStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** What the commands have in common that ask the store: its settings, how failures end them, and their exit status. */
abstract class StoreCommand implements Callable<Integer> {

    static final int OK = 0;
    static final int NOT_FOUND = 1;
    static final int WRONG_USE = 2;
    static final int NOT_REACHED = 3;

    @Mixin
    final StoreOptions options = new StoreOptions();

    final Terminal terminal;

    StoreCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * Does it.
     *
     * @return the exit status
     */
    abstract int ask(Configuration configuration);

    /** What can be said without the store. */
    void check(Configuration configuration) {}

    @Override
    public Integer call() {
        try {
            Configuration configuration = options.configuration();
            configuration.notes().forEach(terminal::say);
            if (!configuration.usesRedis()) {
                throw new WrongUseException(
                        "no Redis is set, and records in memory can only be seen by their own process; give"
                                + " --redis-url, or REDIS_URL, or the --config-file of the workers");
            }
            check(configuration);
            return ask(configuration);
        } catch (ConfigurationException e) {
            e.problems().forEach(terminal::say);
            return WRONG_USE;
        } catch (WrongUseException | IllegalArgumentException e) {
            terminal.say(e.getMessage());
            return WRONG_USE;
        } catch (IdempotencyStoreException e) {
            terminal.say(e.getMessage());
            return OperatedStore.isReached(e) ? NOT_FOUND : NOT_REACHED;
        }
    }
}

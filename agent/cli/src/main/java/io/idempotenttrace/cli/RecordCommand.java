package io.idempotenttrace.cli;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.core.open.OperatedStores;
import io.idempotenttrace.core.operate.OperatedStore;

/** A command about records: it has the store open. */
abstract class RecordCommand extends StoreCommand {

    RecordCommand(Terminal terminal) {
        super(terminal);
    }

    /**
     * Does it.
     *
     * @return the exit status
     */
    abstract int run(OperatedStore store, Configuration configuration);

    @Override
    final int ask(Configuration configuration) {
        try (OperatedStore store = OperatedStores.connect(configuration)) {
            return run(store, configuration);
        }
    }
}

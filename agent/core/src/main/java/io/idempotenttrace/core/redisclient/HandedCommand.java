package io.idempotenttrace.core.redisclient;

import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A command that is handed to one of the client's threads, which writes it. To write takes a lock of Lettuce's and leaves thread
 * locals behind: on the application's threads it would make an event loop wait for other callers, and a stack overflow within it
 * would keep the lock for good (Lettuce issues 3804, 3880). A thread's queue is without lock.
 */
final class HandedCommand<T> extends AsyncCommand<byte[], byte[], T> implements Runnable {

    private final Consumer<HandedCommand<?>> writer;

    private HandedCommand(Consumer<HandedCommand<?>> writer, Command<byte[], byte[], T> command) {
        super(command);
        this.writer = writer;
    }

    /**
     * Commands that are handed over by one thread are written in this order.
     *
     * @param writer called on the client's thread; what it throws ends the command
     * @return completes with the reply or with what went wrong
     */
    static <T> HandedCommand<T> send(
            Executor thread,
            Consumer<HandedCommand<?>> writer,
            ProtocolKeyword name,
            CommandOutput<byte[], byte[], T> output,
            CommandArgs<byte[], byte[]> arguments) {
        HandedCommand<T> command = new HandedCommand<>(writer, new Command<>(name, output, arguments));
        try {
            thread.execute(command);
        } catch (RuntimeException closed) {
            command.completeExceptionally(closed);
        }
        return command;
    }

    @Override
    public void run() {
        try {
            writer.accept(this);
        } catch (Throwable failure) {
            completeExceptionally(failure);
        }
    }
}

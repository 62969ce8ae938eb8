package io.idempotenttrace.chaos.simulation;

import io.idempotenttrace.core.redisclient.ServerCommands;
import io.lettuce.core.internal.ExceptionFactory;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisStateMachine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;

/** Sends commands over a simulated connection: as the client writes them, and with replies that the client's own decoder reads. */
final class SimSender implements ServerCommands.Sender {

    private final SimWire wire;
    private final World world;

    SimSender(SimWire wire) {
        this.wire = wire;
        this.world = wire.client.world;
    }

    @Override
    public <T> CompletableFuture<T> send(
            ProtocolKeyword command, CommandOutput<byte[], byte[], T> output, CommandArgs<byte[], byte[]> arguments) {
        wire.client.step();
        CompletableFuture<T> answer = new CompletableFuture<>();
        String name = new String(command.getBytes(), StandardCharsets.US_ASCII);
        if (!name.equals("EVAL") && !name.equals("EVALSHA")) {
            world.scheduler.offerTurn();
            wire.send(LuaTable::new, reply -> read(reply, output, answer), answer::completeExceptionally);
            return answer;
        }
        List<LuaString> parts = parts(arguments);
        String script = parts.get(0).tojstring();
        int keyCount = Integer.parseInt(parts.get(1).tojstring());
        List<LuaString> keys = parts.subList(2, 2 + keyCount);
        List<LuaString> values = parts.subList(2 + keyCount, parts.size());
        ScriptRun run = new ScriptRun(wire.client, keys, values);
        world.oracle.sent(run);
        world.scheduler.offerTurn();
        wire.send(
                () -> world.oracle.watched(
                        run,
                        () -> name.equals("EVAL")
                                ? world.redis.eval(wire, script, keys, values)
                                : world.redis.evalsha(wire, script, keys, values)),
                reply -> {
                    // The client throws away the reply to a command that was given up: its call learns nothing.
                    if (!answer.isDone()) {
                        world.oracle.received(run, reply);
                    }
                    read(reply, output, answer);
                },
                answer::completeExceptionally);
        if (run.kind == ScriptRun.Kind.CLAIM) {
            world.claimSent(wire.client);
        }
        return answer;
    }

    private static List<LuaString> parts(CommandArgs<?, ?> arguments) {
        ByteBuf buffer = Unpooled.buffer(512);
        arguments.encode(buffer);
        List<LuaString> parts = new ArrayList<>();
        while (buffer.isReadable()) {
            buffer.skipBytes(1);
            int length = 0;
            for (byte digit = buffer.readByte(); digit != '\r'; digit = buffer.readByte()) {
                length = length * 10 + digit - '0';
            }
            buffer.skipBytes(1);
            byte[] part = new byte[length];
            buffer.readBytes(part);
            buffer.skipBytes(2);
            parts.add(LuaString.valueUsing(part));
        }
        return parts;
    }

    private <T> void read(LuaValue reply, CommandOutput<byte[], byte[], T> output, CompletableFuture<T> answer) {
        if (answer.isDone()) {
            return;
        }
        ByteBuf buffer = Unpooled.buffer(256);
        write(reply, buffer);
        new RedisStateMachine().decode(buffer, output);
        if (output.hasError()) {
            answer.completeExceptionally(ExceptionFactory.createExecutionException(output.getError()));
        } else {
            answer.complete(output.get());
        }
    }

    /** As Redis turns what a script returns into a reply. */
    private static void write(LuaValue reply, ByteBuf out) {
        if (reply.istable()) {
            LuaValue error = reply.get("err");
            if (!error.isnil()) {
                ascii("-" + error.tojstring(), out);
                return;
            }
            int length = reply.length();
            ascii("*" + length, out);
            for (int i = 1; i <= length; i++) {
                write(reply.get(i), out);
            }
        } else if (reply.type() == LuaValue.TNUMBER) {
            ascii(":" + reply.tolong(), out);
        } else if (reply.isstring()) {
            LuaString text = reply.strvalue();
            ascii("$" + text.length(), out);
            out.writeBytes(SimWire.bytes(text));
            ascii("", out);
        } else {
            ascii("$-1", out);
        }
    }

    private static void ascii(String line, ByteBuf out) {
        out.writeBytes(line.getBytes(StandardCharsets.UTF_8)).writeByte('\r').writeByte('\n');
    }
}

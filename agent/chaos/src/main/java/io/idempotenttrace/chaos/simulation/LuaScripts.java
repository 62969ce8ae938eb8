package io.idempotenttrace.chaos.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.OneArgFunction;
import org.luaj.vm2.lib.VarArgFunction;
import org.luaj.vm2.lib.jse.JsePlatform;

/** Runs the scripts of production, each compiled once, as Redis does. */
final class LuaScripts {

    /** What runs a command of a script, by name and arguments. */
    interface Commands {

        LuaValue run(String command, Varargs arguments);
    }

    private static final String FLAGS = "#!lua flags=allow-oom\n";

    private final Map<String, LuaValue> compiled = new HashMap<>();
    private final Globals globals = JsePlatform.standardGlobals();
    private Commands commands;

    LuaScripts() {
        globals.set("unpack", globals.get("table").get("unpack"));
        globals.get("string").set("format", new Format());
        LuaTable redis = new LuaTable();
        redis.set("call", new Call());
        redis.set("pcall", new ProtectedCall());
        redis.set("error_reply", new OneArgFunction() {
            @Override
            public LuaValue call(LuaValue message) {
                return error(message.checkjstring());
            }
        });
        globals.set("redis", redis);
    }

    private static LuaTable error(String message) {
        LuaTable error = new LuaTable();
        error.set("err", LuaValue.valueOf(message));
        return error;
    }

    /** @param text as the client sends it */
    LuaValue run(String text, List<LuaString> keys, List<LuaString> arguments, Commands with) {
        LuaValue script = compiled.computeIfAbsent(
                text, whole -> globals.load(whole.startsWith(FLAGS) ? whole.substring(FLAGS.length()) : whole));
        globals.set("KEYS", LuaValue.listOf(keys.toArray(LuaValue[]::new)));
        globals.set("ARGV", LuaValue.listOf(arguments.toArray(LuaValue[]::new)));
        commands = with;
        try {
            return script.call();
        } catch (LuaError failure) {
            return error("ERR " + failure.getMessage());
        }
    }

    private final class Call extends VarArgFunction {

        @Override
        public Varargs invoke(Varargs arguments) {
            LuaValue reply = commands.run(arguments.arg1().tojstring(), arguments.subargs(2));
            if (reply.istable() && reply.get("err").isstring()) {
                throw new LuaError(reply.get("err").tojstring());
            }
            return reply;
        }
    }

    private final class ProtectedCall extends VarArgFunction {

        @Override
        public Varargs invoke(Varargs arguments) {
            try {
                return commands.run(arguments.arg1().tojstring(), arguments.subargs(2));
            } catch (LuaError failure) {
                return error(failure.getMessage());
            }
        }
    }

    /** The interpreter's own writes {@code %.0f} with a fraction. */
    private static final class Format extends VarArgFunction {

        @Override
        public Varargs invoke(Varargs arguments) {
            String form = arguments.checkjstring(1);
            StringBuilder text = new StringBuilder();
            int next = 2;
            for (int i = 0; i < form.length(); i++) {
                if (form.charAt(i) != '%') {
                    text.append(form.charAt(i));
                } else if (form.startsWith("%s", i)) {
                    text.append(arguments.arg(next++).tojstring());
                    i++;
                } else if (form.startsWith("%.0f", i)) {
                    text.append(Math.round(arguments.arg(next++).checkdouble()));
                    i += 3;
                } else {
                    throw new LuaError("the simulator's string.format does not know '" + form + "'");
                }
            }
            return LuaValue.valueOf(text.toString());
        }
    }
}
